/** Each step of a plan and how it is done. */

import type { SlotStep, StepKind } from '../work.ts';
import { attachVolumes } from './attach-volumes.ts';
import { awaitDrained } from './await-drained.ts';
import { awaitInService } from './await-in-service.ts';
import { awaitRunning } from './await-running.ts';
import { check } from './check.ts';
import { depose } from './depose.ts';
import { deregister } from './deregister.ts';
import { detachVolumes } from './detach-volumes.ts';
import { forget } from './forget.ts';
import { launch } from './launch.ts';
import { register } from './register.ts';
import { restore } from './restore.ts';
import { stop } from './stop.ts';
import { terminate } from './terminate.ts';
import { update } from './update.ts';

export const STEP_KINDS: Readonly<Record<SlotStep['do'], StepKind>> = {
  launch,
  restore,
  'await-running': awaitRunning,
  check,
  register,
  'await-in-service': awaitInService,
  deregister,
  depose,
  'await-drained': awaitDrained,
  stop,
  'detach-volumes': detachVolumes,
  'attach-volumes': attachVolumes,
  terminate,
  update,
  forget,
};
