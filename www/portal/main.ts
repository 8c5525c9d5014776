import "./portal.ts";
