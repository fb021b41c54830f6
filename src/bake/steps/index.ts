/** The order of a bake. Nothing costs money before the machine is launched, and nothing is called good before it is tested. */

import { Steps } from '../step.ts';
import { resolveBase } from './base.ts';
import { checkAll } from './check.ts';
import { compareImages } from './compare.ts';
import { copyImage } from './copies.ts';
import { firstBootOfImage } from './first-boot.ts';
import { createImage } from './image.ts';
import { launchBuildMachine } from './instance.ts';
import { makeKeyPair } from './key-pair.ts';
import { reachBuildMachine } from './machine.ts';
import { keepRecord, tellManifest } from './manifest.ts';
import { chooseName } from './name.ts';
import { playPlaybook } from './play.ts';
import { callGood, deprecateImage, shareImage } from './publish.ts';
import { cleanMachine } from './sanitise.ts';
import { scanMachine } from './scan.ts';
import { makeSecurityGroup } from './security-group.ts';
import { stopBuildMachine } from './stop.ts';
import { checkImage, launchImage, reachImage, verifyImage } from './test.ts';

export const STEPS = Steps.from<object>()
  .add(checkAll)
  .add(resolveBase)
  .add(compareImages)
  .add(chooseName)
  .add(makeKeyPair)
  .add(makeSecurityGroup)
  .add(launchBuildMachine)
  .add(reachBuildMachine)
  .add(playPlaybook)
  .add(cleanMachine)
  .add(tellManifest)
  .add(scanMachine)
  .add(stopBuildMachine)
  .add(createImage)
  .add(launchImage)
  .add(reachImage)
  .add(firstBootOfImage)
  .add(checkImage)
  .add(verifyImage)
  .add(copyImage)
  .add(shareImage)
  .add(deprecateImage)
  .add(callGood)
  .add(keepRecord);
