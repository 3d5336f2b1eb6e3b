/** Where the sessions are. `npm start` puts the receiver's address here. */
export const store = "https://sessions.example.com/expired";
