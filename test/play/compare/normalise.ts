/** Output without what differs from run to run, or from machine to machine. */

import { HERE } from './compare-case.ts';

/** Times, directories, job ids; hosts of one task in the order of their names, because they finish in any order. */
export function normalise(stdout: string): string {
  const text = stdout
    .replaceAll(HERE, 'DIR')
    .replace(/"(start|end|delta)": "[^"]*"/g, '"$1": "-"')
    .replace(/"ansible_job_id": "[^"]*"/g, '"ansible_job_id": "-"')
    .replace(/"results_file": "[^"]*"/g, '"results_file": "-"')
    .replace(
      /^(included: \S+ for )(.*?)( => .*)?$/gm,
      (_, head, hosts, item = '') => head + hosts.split(', ').sort().join(', ') + item,
    )
    // Where a task stands is said by Ansible in the message, by playbake below it.
    .replace(/\\n\\nThe error appears to be in .*?(?="[,}\n])/g, '')
    .replace(/("(?:msg": "|.*The error was: |.*conditional \(.*?\): ))(.+?)\. \2(?=")/g, '$1$2');
  return text
    .split(/^(?=[A-Z][A-Z ]+(?: \[.*\])? \*+$)/m)
    .map((section) => (section.startsWith('PLAY RECAP') ? section : sortHosts(section)))
    .join('');
}

/** Without the lines that playbake adds below a failure. */
export function withoutExplanations(stdout: string): string {
  let within = false;
  const kept = stdout.split('\n').filter((line) => {
    if (/^ {2}at \S.*:\d+:\d+$|^ {2}[> ] *\d* \||^ {2}hint: /.test(line)) return false;
    if (/^ {2}(msg|stdout|stderr):$/.test(line)) within = true;
    else if (!line.startsWith('    ')) within = false;
    return !within;
  });
  return kept.join('\n');
}

function sortHosts(section: string): string {
  const [banner = '', ...lines] = section.trimEnd().split('\n');
  const entries: { readonly host: string; readonly lines: string[] }[] = [];
  for (const line of lines) {
    const host = /^(?:ok|changed|skipping|failed|fatal|FAILED - RETRYING): \[([^\] ]+)/.exec(line)?.[1];
    if (host !== undefined || line.startsWith('included: ')) entries.push({ host: host ?? '~', lines: [line] });
    else if (entries.length === 0) entries.push({ host: '', lines: [line] });
    else entries.at(-1)?.lines.push(line);
  }
  entries.sort((a, b) => (a.host < b.host ? -1 : a.host > b.host ? 1 : 0));
  return `${[banner, ...entries.flatMap((entry) => entry.lines)].join('\n')}\n\n`;
}
