import { ready } from "./luring/ready.js";

ready();
