/** The walk over the routes of projects. */
import { isInProject, routes, walk, walkAsSharer } from "./every-route/walk.ts";

const inProjects = routes.filter(isInProject);

walk(inProjects);
walkAsSharer(inProjects);
