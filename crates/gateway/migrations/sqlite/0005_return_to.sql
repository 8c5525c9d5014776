-- Page of the app that a flow in the app's own window goes back to; absent for a flow in a popup.
ALTER TABLE flows ADD COLUMN return_to TEXT;
