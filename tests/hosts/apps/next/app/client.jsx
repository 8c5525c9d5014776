"use client";

import { useEffect } from "react";

import { run } from "../src/page.js";

export default function Client() {
  useEffect(() => {
    run();
  }, []);
  return (
    <>
      <p id="state"></p>
      <button id="connect">Connect</button>
      <p id="opened"></p>
      <p id="connected"></p>
    </>
  );
}
