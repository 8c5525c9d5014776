-- Redirect URI of a flow that ends on a page of the app's own; absent for the gateway's.
ALTER TABLE flows ADD COLUMN redirect_uri TEXT;
