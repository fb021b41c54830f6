/** Fills a template of a configuration. */

import { attributes, type Hcl, hcl } from './hcl.ts';
import { FLEET, GROUP, GROUP_IMPORTS, IMPORTS, MAIN } from './templates.ts';

const TEMPLATES = { main: MAIN, fleet: FLEET, imports: IMPORTS, group: GROUP, groupImports: GROUP_IMPORTS };

export async function render(name: keyof typeof TEMPLATES, data: object): Promise<string> {
  const { default: handlebars } = await import('handlebars');
  const own = handlebars.create();
  own.registerHelper('attributes', (indent: string, all: readonly (readonly [string, Hcl])[]) =>
    attributes(all, indent),
  );
  own.registerHelper('value', (indent: string, value: Hcl) => hcl(value, indent));
  return own.compile(TEMPLATES[name], { noEscape: true, strict: true })(data);
}
