import { Command, Option } from 'commander';

/** The options that all verbs have which change fleets. */
export function rolloutCommand(name: string, usage: string, description: string): Command {
  return new Command(`rollout ${name}`)
    .argument('[words...]')
    .usage(`${usage} [options]`)
    .configureHelp({ optionDescription: (option) => option.description, visibleArguments: () => [] })
    .description(description)
    .option('--config <file>', 'the configuration (default: playbake.yml here)')
    .option('--auto-approve', 'do not ask')
    .option('--json', 'events as JSON, one a line')
    .addOption(new Option('--output <form>', 'text (default) or json').choices(['text', 'json']))
    .helpOption('-h, --help', 'show this help');
}
