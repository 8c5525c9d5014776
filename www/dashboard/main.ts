import "./dashboard.ts";
