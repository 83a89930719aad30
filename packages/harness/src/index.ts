export { type Scenario, type ScenarioContext, scenario } from "./scenario/scenario.ts";
export type { Job } from "./verbs/job.ts";
