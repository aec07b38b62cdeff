/**
 * `npm run -s prove [-- --yes] [-- VERIFY-OPTION...]`: the main job from nothing: generates the
 * chart of examples/web, and proves it on a cluster in containers.
 */
import { holdfast, testbedOptions } from './holdfast.ts';
import { stopOnSignals, withTestbed } from './testbed/with-testbed.ts';

const application = 'web';
const args = process.argv.slice(2);

const began = performance.now();
const minutes = () => `${((performance.now() - began) / 60_000).toFixed(1)} min`;
const { signal } = stopOnSignals();
const code = await withTestbed(args, signal, async (testbed) => {
  process.stderr.write(`images at hand after ${minutes()}\n`);
  const generated = await holdfast(['generate', `examples/${application}`], signal);
  if (generated !== 0 || signal.aborted) return generated;
  const verify = [
    'verify',
    `charts-out/${application}`,
    `--driver=examples/${application}/proof`,
    '--report=holdfast-report',
    ...testbedOptions(testbed, application),
    ...args.filter((argument) => argument !== '--yes'),
  ];
  return holdfast(verify, signal);
});
process.stderr.write(`generated and judged after ${minutes()}\n`);
process.exit(code);
