import { expect } from 'chai';
import { brokenCharts, soundCharts } from '../broken/charts.ts';
import { atOnce, type Court, openCourt } from '../broken/judge.ts';
import { sideBySide } from './side-by-side.ts';
import { preparedTestbed } from './testbed-images.ts';

const broken = await brokenCharts();

describe('charts broken on purpose', () => {
  const testbed = preparedTestbed();
  const abort = new AbortController();
  const tests = sideBySide(atOnce);
  let court: Court;

  before(async () => {
    court = await openCourt(testbed, abort.signal);
  });

  after(async () => {
    await tests.end();
    abort.abort();
    await court[Symbol.asyncDispose]();
  });

  // What takes longest begins first.
  for (const chart of [...soundCharts(broken), ...broken]) {
    const by =
      chart.breaks.length > 0
        ? `rejected by ${chart.breaks.join(', ')}, and by nothing else`
        : `not rejected by what rejects the others: ${chart.only.join(', ')}`;
    tests.it(`${chart.title}: ${by}`, async (print) => {
      const { failed, lines, report } = await court.judge(chart, chart.name);
      for (const line of lines) print(line);
      expect(failed).to.deep.equal(chart.breaks);
      expect(report.verdict).to.equal(chart.breaks.length > 0 ? 'rejected' : 'proven');
    });
  }
});
