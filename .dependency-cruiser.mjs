/** Who may import whom: docs/architecture.md draws it, this file holds it. */
const harness = 'packages/harness/src';
const onlyFrom = (name, library, folders) => ({
  name,
  severity: 'error',
  from: { pathNot: [...folders, 'node_modules'] },
  to: { path: library },
});
const notFrom = (name, from, to) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: to },
});

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'declared-dependency',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    notFrom('core-imports-none', '^packages/core', '^(packages/(?!core)|integration)'),
    notFrom(
      'generator-is-alone',
      '^packages/generator',
      '^(packages/(harness|cli|repository)|integration)',
    ),
    notFrom(
      'harness-is-alone',
      '^packages/harness',
      '^(packages/(generator|cli|repository)|integration)',
    ),
    notFrom('integration-imports-no-cli', '^integration', '^packages/cli'),
    notFrom(
      'observe-is-pure',
      `^${harness}/observe`,
      `^${harness}/(cluster|kube|disrupt|ledger|acts|checks|report)`,
    ),
    notFrom(
      'cluster-and-kube-are-the-floor',
      `^${harness}/(cluster|kube)/`,
      `^${harness}/(observe|disrupt|ledger|acts|checks|report)`,
    ),
    notFrom('disrupt-below-checks', `^${harness}/(disrupt|ledger)`, `^${harness}/(checks|report)`),
    notFrom('acts-above-disrupt', `^${harness}/(disrupt|ledger)`, `^${harness}/acts`),
    {
      name: 'acts-below-checks',
      severity: 'error',
      // Their tests see that the checks conclude rightly from what the acts record.
      from: { path: `^${harness}/acts`, pathNot: '\\.test\\.ts$' },
      to: { path: `^${harness}/(checks|report)` },
    },
    notFrom('checks-below-report', `^${harness}/checks`, `^${harness}/report`),
    onlyFrom('testcontainers-in-cluster-only', 'node_modules/(testcontainers|@testcontainers)/', [
      `^${harness}/cluster`,
    ]),
    onlyFrom('kubernetes-client-in-kube-only', 'node_modules/@kubernetes/', [`^${harness}/kube`]),
    {
      name: 'generator-reads-in-load-and-writes-in-write',
      severity: 'error',
      from: {
        path: '^packages/generator/src',
        pathNot: '(load|write)\\.ts$|\\.(test|fixture)\\.ts$',
      },
      to: { path: '^(node:)?fs' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node'],
    },
  },
};
