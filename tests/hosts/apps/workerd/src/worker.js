import { calls } from "./calls.js";

export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url);
    return Response.json(await calls(searchParams.get("gateway"), searchParams.get("token")));
  },
};
