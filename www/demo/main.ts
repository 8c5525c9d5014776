import "./harbor-desk.ts";
