import { concludeFrom, type Check } from './conclude.ts';
import { evidenceOf } from './static.ts';

/** What Helm does with a chart. */
export const helmChecks: readonly Check[] = [
  {
    id: 'H1',
    title: 'installs, becomes Ready, passes its tests',
    needs: 'install',
    conclude: (record) =>
      concludeFrom(
        evidenceOf(record.install),
        record.install.map((finding) => finding.text).join(' · '),
      ),
  },
];
