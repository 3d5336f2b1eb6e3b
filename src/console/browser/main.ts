/** The console's script. Every page does without it what it is for; with it, the page follows what happens. */
import { startCopying } from "./copying.ts";
import { startForms } from "./forms.ts";
import { startKeyboard } from "./keyboard.ts";
import { startLive } from "./live.ts";
import { startReading } from "./reading.ts";
import { startTimes } from "./relative-times.ts";

document.documentElement.dataset.script = "on";

// Before the times, which change what the page said when it came.
startLive();
startTimes();
startReading();
startCopying();
startKeyboard();
startForms();
