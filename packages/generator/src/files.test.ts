import { expect } from 'chai';
import { HoldfastError } from '@holdfast/core';
import { define } from './define.ts';
import { featureOf } from './feature.ts';
import { chartFiles } from './files.ts';
import type { Folder, Sources } from './load.ts';

const head = `apiVersion: holdfast.dev/v1
kind: Application
name: demo
description: A demonstration
appVersion: "1"
image: { repository: example/demo }
`;
const one = `${head}roles: [{ name: demo, workload: StatefulSet, configuration: { mountPath: /etc/demo } }]\n`;
const two = `${head}roles:
  - { name: server, workload: StatefulSet, scripts: { mountPath: /opt/demo } }
  - name: side-kick
    workload: Deployment
    configuration: { mountPath: /etc/demo, files: { inline.conf: "a = 1\\n\\n\\n" } }
`;

/** The files of the chart of a definition, of a folder that holds these, and of a feature with those. */
function filesOf(
  definition: string,
  folder: Record<string, string> = {},
  shared: Record<string, string> = {},
): Map<string, string> {
  const application: Folder = new Map(Object.entries(folder));
  const sources: Sources = {
    definition: { file: 'demo/app.yaml', text: definition },
    application,
    applicationDir: 'demo',
    definitions: { file: 'definitions.yaml', text: '{}' },
    features: new Map(),
    featuresDir: '_shared',
  };
  const entry = { name: 'x', order: 1, title: 'X', description: 'X' };
  const features = [new Map(Object.entries(shared)), application].map((files, index) =>
    featureOf(entry, {
      file: 'x.yaml',
      at: () => '',
      dir: ['_shared/x', 'demo'][index] ?? '',
      folder: files,
    }),
  );
  return chartFiles(sources, features, define('demo/app.yaml', definition).model);
}

function errorOf(...args: Parameters<typeof filesOf>): HoldfastError {
  try {
    filesOf(...args);
  } catch (error) {
    if (error instanceof HoldfastError) return error;
    throw error;
  }
  return expect.fail('it was not refused');
}

describe('chartFiles', () => {
  it('carries what stands in files/ as it is, and nothing else of a folder', () => {
    const text = 'no end of line, {{ braces }}, <% tags %>';
    const folder = {
      'files/config/a.conf': text,
      'files/alerts.yaml': 'b\n',
      'values.yaml': 'c',
      'ci/x.yaml': 'd',
      'notes.hbs': 'e',
    };
    expect([...filesOf(one, folder)]).to.deep.equal([
      ['files/config/a.conf', text],
      ['files/alerts.yaml', 'b\n'],
    ]);
  });

  it('carries what stands in the definition, with one end of line, where its role mounts it', () => {
    const folder = { 'files/server/scripts/start.sh': 'x\n', 'files/side-kick/config/a': 'y\n' };
    expect(Object.fromEntries(filesOf(two, folder))).to.deep.equal({
      ...folder,
      'files/side-kick/config/inline.conf': 'a = 1\n',
    });
  });

  it('carries the files of features beside them', () => {
    const shared = { 'files/credentials/create.sh': 'x\n', 'feature.yaml': 'y\n' };
    expect([...filesOf(one, {}, shared).keys()]).to.deep.equal(['files/credentials/create.sh']);
  });

  const refused: [string, Parameters<typeof filesOf>, string, string, string][] = [
    [
      'configuration that the role does not mount',
      [`${head}roles: [{ name: demo, workload: Job }]\n`, { 'files/config/a.conf': '' }],
      'demo/files/config/a.conf',
      'the file is mounted nowhere',
      'give the role "configuration: { mountPath: … }"',
    ],
    [
      'scripts that the role does not mount',
      [one, { 'files/config/a.conf': '', 'files/scripts/a.sh': '' }],
      'demo/files/scripts/a.sh',
      'the file is mounted nowhere',
      'give the role "scripts: { mountPath: … }"',
    ],
    [
      'configuration of no role where several have folders of their own',
      [two, { 'files/config/a.conf': '' }],
      'demo/files/config/a.conf',
      'no role has the folder "files/config"',
      'known here: files/server/config, files/server/scripts, files/side-kick/config, files/side-kick/scripts',
    ],
    [
      'configuration in the folder of a misspelled role',
      [two, { 'files/sidekick/config/a.conf': '' }],
      'demo/files/sidekick/config/a.conf',
      'no role has the folder "files/sidekick/config"',
      'did you mean "files/side-kick/config"?',
    ],
    [
      'a file in a folder of its own, which a ConfigMap cannot hold',
      [one, { 'files/config/conf.d/a.conf': '' }],
      'demo/files/config/conf.d/a.conf',
      '"conf.d/a.conf" cannot be a key of a ConfigMap',
      'give it a name of letters, digits, dots, dashes and underscores, and no folder',
    ],
    [
      'a file of a name that a ConfigMap cannot hold',
      [one, { 'files/config/a b.conf': '' }],
      'demo/files/config/a b.conf',
      '"a b.conf" cannot be a key of a ConfigMap',
      'give it a name of letters, digits, dots, dashes and underscores, and no folder',
    ],
    [
      'a file in the definition that leads out of its folder',
      [two.replace('inline.conf', '".."')],
      'demo/app.yaml configuration.files',
      '".." cannot be a key of a ConfigMap',
      'give it a name of letters, digits, dots, dashes and underscores, and no folder',
    ],
    [
      'a file that stands in the definition and in the folder',
      [two, { 'files/side-kick/config/inline.conf': '' }],
      'demo/app.yaml configuration.files',
      '"inline.conf" stands in the folder as well',
      'remove one of the two: here, or demo/files/side-kick/config/inline.conf',
    ],
  ];
  for (const [what, args, object, message, hint] of refused) {
    it(`refuses ${what}, and says where`, () => {
      expect(errorOf(...args)).to.include({ kind: 'badInput', object, message, hint });
    });
  }

  it('refuses a file that a feature has, too', () => {
    const file = 'files/credentials/create.sh';
    expect(errorOf(one, { [file]: 'mine' }, { [file]: 'theirs' })).to.include({
      kind: 'badInput',
      object: `demo/${file}`,
      message: 'another feature has this file',
    });
  });
});
