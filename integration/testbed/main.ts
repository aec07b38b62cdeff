/** `npm run -s testbed [-- --yes]`: gets the images that proofs run on, and says where from. */
import { stopOnSignals, withTestbed } from './with-testbed.ts';

const { signal } = stopOnSignals();
const code = await withTestbed(process.argv.slice(2), signal, (testbed) => {
  const rows = testbed.decisions.map(({ name, source, reference, why }) =>
    [name.padEnd(16), source.padEnd(7), reference.padEnd(46), why].join(' '),
  );
  process.stdout.write(`${rows.join('\n')}\n`);
  return Promise.resolve(0);
});
process.exit(code);
