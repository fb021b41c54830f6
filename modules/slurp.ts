import { module, type Result, run, sh } from '../src/module/module.ts';

export default module({
  doc: 'Read a file of the host; its content comes as base64.',
  args: { src: { type: 'path', required: true, alias: ['path'], doc: 'The file.' } },
  examples: `
- slurp: { src: /etc/machine-id }
`,
  streams: true,
  plan: ({ src }) => [
    run(
      sh`if [ -d ${src} ]; then echo directory; return 1; elif [ ! -e ${src} ]; then echo none; return 1; elif [ ! -r ${src} ]; then echo closed; return 1
else printf 'base64\n'; base64 <${src}; fi`,
      {
        harmless: true,
        changed: false,
        result: ({ stdout }) => {
          const [kind = '', ...lines] = stdout.split('\n');
          return { kind, content: lines.join('') };
        },
      },
    ),
  ],
  result({ values }, { src }): Result {
    if (values['kind'] === 'base64') {
      return { changed: false, content: values['content'], encoding: 'base64', source: src };
    }
    const wrong: { readonly [kind: string]: string } = {
      none: 'file not found:',
      closed: 'file is not readable:',
      directory: 'source is a directory and must be a file:',
    };
    return { failed: true, msg: `${wrong[String(values['kind'])] ?? 'unable to slurp file:'} ${src}` };
  },
});
