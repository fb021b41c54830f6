import { type Args, module, type Typed } from '../src/module/module.ts';
import { ATTRIBUTE_ARGS, NO_LABELS } from './shared/attributes.ts';
import { modeOf } from './shared/copy-directory.ts';
import { COPY_ARGS, copyResult, remember, wrongValidate } from './shared/copy-file.ts';

const args = {
  src: { type: 'string', required: true, doc: 'The template: Jinja2, or Handlebars where its name ends with .hbs.' },
  dest: { type: 'path', required: true, doc: 'Where to on the host.' },
  ...ATTRIBUTE_ARGS,
  ...COPY_ARGS,
  trim_blocks: { type: 'boolean', default: true, doc: 'The newline after a block is left out.' },
  lstrip_blocks: { type: 'boolean', default: false, doc: 'Spaces before a block are left out.' },
  newline_sequence: {
    type: 'enum',
    of: ['\n', '\r', '\r\n', '\\n', '\\r', '\\r\\n'],
    default: '\n',
    doc: 'How lines end.',
  },
  variable_start_string: { type: 'string', doc: 'In place of {{.' },
  variable_end_string: { type: 'string', doc: 'In place of }}.' },
  block_start_string: { type: 'string', doc: 'In place of {%.' },
  block_end_string: { type: 'string', doc: 'In place of %}.' },
  comment_start_string: { type: 'string', doc: 'In place of {#.' },
  comment_end_string: { type: 'string', doc: 'In place of #}.' },
} as const satisfies Args;

type TemplateArgs = Typed<typeof args>;

export default module({
  doc: 'Fill in a template and copy it to the host.',
  args,
  unsupported: { ...NO_LABELS, output_encoding: 'files are written as UTF-8' },
  examples: `
- template: { src: app.service.j2, dest: /etc/systemd/system/app.service, mode: "0644" }
- template: { src: sudoers.j2, dest: /etc/sudoers.d/app, mode: "0440", validate: visudo -cf %s }
`,
  streams: true,
  verify: ({ validate }) => wrongValidate(validate),
  async plan(given, context) {
    const path = context.find(given.src, 'templates');
    const content = await context.renderFile(path, options(given, path));
    const mode = given.mode === 'preserve' ? modeOf(path) : given.mode;
    return remember(given, { ...given, content, mode, name: path.replace(/^.*\//, '') }, path);
  },
  result: (outcome, given) => copyResult(outcome, given),
});

/** As the expression language names them. */
function options(given: TemplateArgs, path: string) {
  const markers = {
    variableStart: given.variable_start_string,
    variableEnd: given.variable_end_string,
    blockStart: given.block_start_string,
    blockEnd: given.block_end_string,
    commentStart: given.comment_start_string,
    commentEnd: given.comment_end_string,
  };
  const given_ = Object.fromEntries(
    Object.entries(markers).flatMap(([name, marker]) => (marker ? [[name, marker]] : [])),
  );
  return {
    ...given_,
    trimBlocks: given.trim_blocks,
    lstripBlocks: given.lstrip_blocks,
    newlineSequence: given.newline_sequence.replace('\\r', '\r').replace('\\n', '\n'),
    variables: { template_path: given.src, template_fullpath: path, template_destpath: given.dest },
  };
}
