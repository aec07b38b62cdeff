import type { CheckResult, Evidence, Report } from '@holdfast/core';
import { create } from 'xmlbuilder2';

/** What XML 1.0 can't hold: control characters, as in a container's coloured log. */
function clean(text: string): string {
  return Array.from(text)
    .filter((character) => {
      const code = character.codePointAt(0) ?? 0;
      return code >= 0x20
        ? code !== 0xfffe && code !== 0xffff
        : code === 9 || code === 10 || code === 13;
    })
    .join('')
    .toWellFormed();
}

/** An attribute is one line: XML readers turn its line breaks into blanks. */
function oneLine(text: string): string {
  return clean(text).replace(/\s+/g, ' ').trim();
}

function evidenceLine({ object, disruption, ok, before, after }: Evidence): string {
  const change = before === undefined ? after : `${before} → ${after}`;
  const when = disruption === 0 ? 'before' : `after disruption ${disruption}`;
  return `${ok ? 'ok' : 'NOT OK'} ${when} · ${object}: ${change}`;
}

function outcome(check: CheckResult): Record<string, unknown> {
  const text = clean(check.evidence.map(evidenceLine).join('\n'));
  switch (check.verdict) {
    case 'passed':
      return text === '' ? {} : { 'system-out': text };
    case 'skipped':
      return { skipped: { '@message': oneLine(check.summary) } };
    case 'failed':
      return { failure: { '@message': oneLine(check.summary), '@type': check.id, '#': text } };
  }
}

/** A report as JUnit XML: one test case for each check, with its evidence. */
export function toJUnit(report: Report): string {
  const { chart, cluster } = report;
  const suite = `${chart.name}-${chart.version}`;
  const of = (verdict: string) => report.checks.filter((check) => check.verdict === verdict).length;
  const totals = {
    '@name': suite,
    '@tests': report.checks.length,
    '@failures': of('failed'),
    '@skipped': of('skipped'),
    '@errors': 0,
    '@time': (report.durationMs / 1000).toFixed(3),
  };
  const properties = {
    cluster: `${cluster.kind} ${cluster.kubernetesVersion}`,
    helm: report.helmVersion,
    holdfast: report.holdfastVersion,
    verdict: report.verdict,
  };
  const property = Object.entries(properties).map(([name, value]) => ({
    '@name': name,
    '@value': value,
  }));
  const testcase = report.checks.map((check) => ({
    '@classname': suite,
    '@name': clean(`${check.id} ${check.title}`),
    ...outcome(check),
  }));
  const testsuite = {
    ...totals,
    '@timestamp': report.startedAt,
    properties: { property },
    testcase,
  };
  const document = { testsuites: { ...totals, testsuite } };
  return `${create({ version: '1.0', encoding: 'UTF-8' }, document).end({ prettyPrint: true })}\n`;
}
