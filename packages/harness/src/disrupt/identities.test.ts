import { expect } from 'chai';
import type { ExecResult } from '../kube/exec.ts';
import { podObject, setObject } from '../observe/objects.fixture.ts';
import { setRecord } from '../observe/identity.ts';
import { readIdentities } from './identities.ts';
import type { Scene } from './scene.ts';

const member = { pod: podObject('web-1'), set: setRecord(setObject()) };

/** A scene whose client pod answers in turn; the last answer is given again and again. */
function sceneWith(answers: Partial<ExecResult>[], identity: string | undefined = 'identity.sh') {
  const asked: { script: string; env: Record<string, string> }[] = [];
  const sh = (script: string, env: Record<string, string>) => {
    asked.push({ script, env });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    return Promise.resolve({ exitCode: 0, stdout: '', stderr: '', ...answer });
  };
  const scene = {
    client: { signal: new AbortController().signal },
    namespace: 'ns',
    clusterDomain: 'cluster.local',
    shell: { sh },
    driver: { identity, port: 80, scripts: { 'identity.sh': 'echo' } },
  };
  return { asked, scene: scene as unknown as Scene };
}

describe('readIdentities', () => {
  it('asks each pod by its own name and port, until it answers', async () => {
    const { asked, scene } = sceneWith([{ exitCode: 1, stderr: 'refused' }, { stdout: 'id=7\n' }]);
    expect(await readIdentities(scene, [member])).to.eql([{ pod: 'web-1', values: { id: '7' } }]);
    expect(asked).to.have.length(2);
    expect(asked[1]).to.eql({
      script: 'echo',
      env: {
        HOST: 'web-1.web-headless.ns.svc.cluster.local',
        POD: 'web-1',
        ORDINAL: '1',
        PORT: '80',
      },
    });
  });

  it('asks nobody where the driver has no program for it', async () => {
    const { asked, scene } = sceneWith([{ stdout: 'id=7\n' }]);
    Reflect.deleteProperty(scene.driver ?? {}, 'identity');
    expect(await readIdentities(scene, [member])).to.eql([]);
    expect(asked).to.eql([]);
  });

  it('says what it saw last where a pod never tells', async () => {
    const { scene } = sceneWith([{ exitCode: 1, stderr: 'NOAUTH\n' }]);
    const [reading] = await readIdentities(scene, [member]);
    expect(reading?.error).to.contain('exit code 1: NOAUTH');
  }).timeout(30_000);
});
