import { Command } from 'commander';
import { examples, exits } from '../help.ts';
import { list } from '../options.ts';
import type { GenerateOptions } from './generate.ts';
import type { Surroundings } from './surroundings.ts';

const whatIsNamed = `
A name with a slash, or of a folder below this one that holds an app.yaml, is that folder; any other is
an application that comes with Holdfast. Nothing is written unless every chart could be generated.

--values bakes defaults into the charts: every key must be a value of each chart that is generated. Maps
that a chart passes through are merged over its own, as Helm does; everything else is replaced.
`;

/** `holdfast generate` as a command line. */
export function generateCommand({ done, stop }: Surroundings): Command {
  return new Command('generate')
    .description('generate the Helm charts of applications')
    .argument(
      '[app|dir...]',
      'applications by name, or folders that hold an app.yaml (default: all that "holdfast list" names)',
    )
    .option('-o, --output <dir>', 'folder that the charts are written into', 'charts-out')
    .option('--check', 'write nothing; exit with 1 when a chart is not as it is generated')
    .option(
      '--without <features>',
      'features to leave out, as in metrics,tls; repeatable',
      list('--without', 'network-policy,helm-test'),
    )
    .option('--values <file>', 'an organisation’s own defaults, as a values file for Helm')
    .option('--json', 'print what was done as JSON')
    .addHelpText(
      'after',
      whatIsNamed +
        examples(
          'holdfast generate examples/web            writes charts-out/web',
          'holdfast generate examples/web --check    for CI: is charts-out/web up to date?',
          'holdfast generate examples/web --without network-policy,helm-test --values our-defaults.yaml',
        ) +
        exits,
    )
    .action(async (sources: string[], options: GenerateOptions) => {
      const { generate } = await import('./generate.ts');
      done(await generate(sources, options, stop));
    });
}
