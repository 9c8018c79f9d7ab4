export { type Arm, type ArmEvidence, scanOf, type TableUnderTest, VoidPoint, withArm } from './arm.js';
export { type ArmLoss, type ArmSamples, measureBlocks, type Schedule } from './blocks.js';
export { type Clock, monotonicClock } from './clock.js';
export { measureClientFloor } from './floor.js';
