/** The image's name from its template. */

import { basename, extname } from 'node:path';
import { Fault, Findings } from '../fault.ts';
import { parseExtraVars } from '../inventory/extra-vars.ts';
import { layer, Scope, Templar } from '../template/templar.ts';
import { dict } from '../value/value.ts';
import type { BakeRequest } from './request.ts';

/** EC2's rule for names of images. */
const VALID = /^[-a-zA-Z0-9()[\] ./'@_]{3,128}$/;

/**
 * Variables: image, playbook (its file without ending), run, timestamp (UTC, 20261126021500), version where `vars` or
 * `-e` gives it, and all other extra variables. Throws `config-invalid` for a name that EC2 does not take.
 */
export function imageName(request: BakeRequest, run: string, now: Date): string {
  const { image, name, extraVars } = request;
  const findings = new Findings();
  const given = parseExtraVars(extraVars, { workingDirectory: request.project, findings });
  findings.check();
  const known = dict({
    image: image.name,
    playbook: basename(image.playbook, extname(image.playbook)),
    run,
    timestamp: now.toISOString().replace(/\..*$/, '').replace(/\D/g, ''),
  });
  const templar = new Templar({ now: () => now });
  const scope = new Scope(templar, [layer(given), layer(image.vars), layer(known)]);
  const rendered = String(
    templar.render(name ?? image.nameTemplate, scope, name === undefined ? image.where : undefined),
  );
  if (VALID.test(rendered)) return rendered;
  throw new Fault('config-invalid', `the image cannot be called ${JSON.stringify(rendered)}`, {
    where: name === undefined ? image.where : undefined,
    hint: "3 to 128 letters, digits, blanks and ( ) [ ] . / - ' @ _",
  });
}
