import { config, expect } from 'chai';
import Docker from 'dockerode';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { poll, runToSuccess, seconds } from '@holdfast/core';
import { isReady, logTail, pods } from '@holdfast/harness';
import { root } from '../holdfast.ts';
import { setsFor } from '../testbed/prepare.ts';
import {
  folderOn,
  jobs,
  lockHolder,
  persistentVolumes,
  secretObjects,
  services,
} from './objects.ts';
import { type ClientPod, type Place, startPlace } from './place.ts';
import {
  type Ask,
  askFrom,
  askUntil,
  keepWriting,
  missing,
  type Server,
  write,
} from './redis-client.ts';
import { Release, type Values } from './release.ts';
import { sideBySide } from './side-by-side.ts';
import { preparedTestbed } from './testbed-images.ts';

const chart = join(root, 'charts-out', 'redis');
// What a client was told is told as a whole where it was not expected.
config.truncateThreshold = 0;

/** A data set of several types, and the commands that read it. */
const writes = [
  ['SET', 'text', 'a value with "quotes", spaces and ünïcode'],
  ['RPUSH', 'list', 'first', 'second', 'third'],
  ['HSET', 'hash', 'one', '1', 'two', '2'],
  ['ZADD', 'scores', '1.5', 'b', '1', 'a'],
  ['SET', 'expiring', 'for an hour', 'EX', '3600'],
];
const reads = {
  'GET text': 'a value with "quotes", spaces and ünïcode',
  'LRANGE list 0 -1': 'first\nsecond\nthird',
  'HGETALL hash': 'one\n1\ntwo\n2',
  'ZRANGE scores 0 -1': 'a\nb',
  'GET expiring': 'for an hour',
  DBSIZE: '5',
};

describe('redis on a cluster in containers', () => {
  const testbed = preparedTestbed();
  const sets = setsFor(testbed, 'redis');
  const abort = new AbortController();
  const parallel = sideBySide(4);
  let place: Place;
  /** Has redis-cli. */
  let client: ClientPod;
  /** Has wget. */
  let web: ClientPod;
  let ask: Ask;
  /** The image of Redis under another tag, and its whole name. */
  const anotherTag = 'another-tag';
  let another: string;

  before(async () => {
    place = await startPlace(testbed, ['redis', 'redis-exporter', 'curl'], abort.signal);
    [client, web] = await Promise.all([
      place.clientPod('clients', place.image('redis')),
      place.clientPod('web-clients', testbed.client),
    ]);
    ask = askFrom(client);
    const [repo = ''] = place.image('redis').split(/:[^:/]*$/);
    another = `${repo}:${anotherTag}`;
    const docker = new Docker();
    await docker.getImage(place.image('redis')).tag({ repo, tag: anotherTag });
    try {
      await place.cluster.provideImages([another]);
    } finally {
      await docker.getImage(another).remove();
    }
  });

  after(async () => {
    abort.abort();
    await parallel.end();
    await place[Symbol.asyncDispose]();
  });

  const release = (namespace: string, name = 'redis') =>
    new Release({ place, chart, container: 'redis', sets }, namespace, name);

  /** Waits until the Service leads to the pod, which takes a moment after it is Ready. */
  const reached = (server: Server) => askUntil(() => ask(server, 'PING'), 'PONG', 30_000);

  async function writeData(server: Server): Promise<void> {
    await reached(server);
    for (const command of writes) expect(await ask(server, ...command)).to.match(/^(OK|\d+)$/);
  }

  /** What the data set's reading commands answer now. */
  async function readData(server: Server): Promise<Record<string, string>> {
    await reached(server);
    const answers: Record<string, string> = {};
    for (const command of Object.keys(reads)) {
      answers[command] = await ask(server, ...command.split(' '));
    }
    return answers;
  }

  async function metricsOf(redis: Release): Promise<string> {
    const { podIP = '' } = (await redis.podNow()).status;
    const { stdout } = await web(['wget', '-qO-', `http://${podIP}:9121/metrics`]);
    return stdout;
  }

  /**
   * Watches which servers run on the volume of a release, on its node: a line of their process ids
   * for each change. The folder tells them from those of other releases.
   */
  async function watchServers(node: string, redis: Release) {
    const { volume = '' } = await redis.identity();
    const stop = `/tmp/${volume}.stop`;
    const watching = place.onNode(
      node,
      `last=none
      while [ ! -e ${stop} ]; do
        now=
        for process in /proc/[0-9]*; do
          read -r command 2>/dev/null <$process/comm || continue
          [ "$command" = redis-server ] || continue
          grep -q ${volume} $process/mountinfo 2>/dev/null && now="$now \${process#/proc/}"
        done
        [ "$now" = "$last" ] || echo "seen$now"
        sleep 0.02
        last=$now
      done
      rm ${stop}`,
    );
    watching.catch(() => {});
    return {
      async stop(): Promise<string[]> {
        await place.onNode(node, `touch ${stop}`);
        const lines = (await watching).split('\n').filter((line) => line.startsWith('seen'));
        return lines.map((line) => line.replace(/^seen ?/, ''));
      },
    };
  }

  const valueOf = (metrics: string, name: string) =>
    new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(metrics)?.[1];

  parallel.it(
    'a password that nobody gave survives upgrade, rollback, uninstall and reinstall, with the data',
    async (print) => {
      await using space = await place.namespace('credentials');
      await using other = await place.namespace('other-credentials');
      const redis = release(space.name);
      const began = performance.now();
      await redis.install();
      print(`Ready ${seconds(performance.now() - began)} after helm install, the Job included`);
      const secret = await redis.secret('redis-default');
      expect(secret.data['redis-password']).to.match(/^[A-Za-z0-9]{32}$/);
      const server = { host: redis.host, password: secret.data['redis-password'] ?? '' };
      await writeData(server);
      const before_ = await redis.identity();

      await redis.upgrade();
      expect(await redis.identity(), 'after an upgrade').to.deep.equal(before_);
      await redis.rollback(1);
      expect(await redis.identity(), 'after a rollback').to.deep.equal(before_);
      expect(await redis.secret('redis-default')).to.deep.equal(secret);
      const names = await place.objectsIn(space.name);
      expect(names.filter((name) => name.startsWith('job.batch/'))).to.have.length(1);

      await redis.uninstall();
      const kept = [
        'configmap/kube-root-ca.crt',
        'persistentvolumeclaim/data-redis-0',
        'secret/redis-default',
        'serviceaccount/default',
      ];
      await poll(
        async () => {
          const left = (await place.objectsIn(space.name)).filter((name) => !kept.includes(name));
          return left.length === 0
            ? { done: true, value: undefined }
            : { done: false, saw: left.join(', ') };
        },
        { what: 'the other objects to be gone', limitMs: 60_000, signal: abort.signal },
      );
      expect(await place.objectsIn(space.name)).to.deep.equal(kept);
      expect(await redis.secret('redis-default')).to.deep.equal(secret);

      const second = performance.now();
      await redis.install();
      print(`Ready again ${seconds(performance.now() - second)} after the second helm install`);
      const { claim, volume } = await redis.identity();
      expect({ claim, volume }).to.deep.equal({ claim: before_.claim, volume: before_.volume });
      expect(await redis.secret('redis-default')).to.deep.equal(secret);
      expect(await readData(server)).to.deep.equal(reads);
      const left = Number(await ask(server, 'TTL', 'expiring'));
      expect(left).to.be.within(3_000, 3_600);

      const elsewhere = release(other.name);
      await elsewhere.install();
      const password = (await elsewhere.secret('redis-default')).data['redis-password'];
      expect(password).to.match(/^[A-Za-z0-9]{32}$/);
      expect(password).not.to.equal(server.password);
    },
  );

  parallel.it('a password is rotated, and stands nowhere but in its Secret', async (print) => {
    await using space = await place.namespace('rotation');
    const values = {
      metrics: { enabled: true },
      auth: { users: [{ name: 'app', rules: '~* +@all' }] },
    };
    const redis = release(space.name);
    await redis.install(values);
    const old = (await redis.secret('redis-default')).data['redis-password'] ?? '';
    const app = (await redis.secret('redis-app')).data['app-password'] ?? '';
    await writeData({ host: redis.host, password: old });
    const before_ = await redis.identity();

    const next = 'Rotated-7c1f "to" \\something/else';
    await place.kubectl(
      ['patch', 'secret', 'redis-default', `--namespace=${space.name}`, '--patch-file=/dev/stdin'],
      JSON.stringify({ stringData: { 'redis-password': next } }),
    );
    // The kubelet brings the change into the running pod; an annotation has it look at once.
    await place.kubectl([
      ...['annotate', 'pod', redis.pod, `--namespace=${space.name}`, 'example.org/look=now'],
    ]);
    const mounted = () => redis.exec('cat', '/run/secrets/redis/redis-password');
    await askUntil(async () => (await mounted()).stdout, next, 120_000);
    expect(await redis.exec('sh', '/opt/redis/scripts/ready.sh'), 'before the restart').to.include({
      exitCode: 0,
      stderr: '',
    });
    expect(await readData({ host: redis.host, password: old })).to.deep.equal(reads);

    const began = performance.now();
    await redis.upgrade({ ...values, auth: { ...values.auth, secretRevision: '2' } });
    print(`Ready with the other password after ${seconds(performance.now() - began)}`);
    const after_ = await redis.identity();
    expect(after_.pod).not.to.equal(before_.pod);
    expect(after_.claim).to.equal(before_.claim);
    expect(after_.restarts).to.deep.equal({ redis: 0, metrics: 0 });
    expect(await readData({ host: redis.host, password: next })).to.deep.equal(reads);
    const refused = await ask({ host: redis.host, password: old }, 'GET', 'text');
    expect(refused)
      .to.match(/^AUTH failed: WRONGPASS/)
      .and.to.match(/NOAUTH/);
    const asApp = { host: redis.host, user: 'app', password: app };
    expect(await ask(asApp, 'GET', 'text')).to.equal(reads['GET text']);
    expect(valueOf(await metricsOf(redis), 'redis_up')).to.equal('1');

    const { client: api } = place;
    const env = await redis.exec('env');
    expect(env.stdout).to.match(/^HOSTNAME=redis-0$/m);
    const everyCommand =
      'for f in /proc/[0-9]*/cmdline; do tr "\\0" " " <$f; echo; done 2>/dev/null; true';
    const processes = await Promise.all(
      place.cluster.facts.nodes.map((node) => place.onNode(node, everyCommand)),
    );
    expect(processes.join('')).to.include('redis-server').and.to.include('redis_exporter');
    const running = (await api.list(pods, space.name)).items;
    const logs = await Promise.all(
      running.flatMap(({ metadata, spec }) =>
        [...(spec.initContainers ?? []), ...spec.containers].map((container) =>
          logTail(
            api,
            { namespace: space.name, pod: metadata.name, container: container.name },
            10_000,
          ),
        ),
      ),
    );
    expect(logs.join('')).to.include('Ready to accept connections').and.to.include('is made');
    const kinds = ['pods', 'events', 'configmaps', 'statefulsets', 'controllerrevisions', 'jobs'];
    const objects = await place.kubectl([
      ...['get', kinds.join(','), `--namespace=${space.name}`, '--output=yaml'],
    ]);
    expect(objects).to.include('kind: Event').and.to.include('kind: ConfigMap');
    const record = await redis.helm('get', 'all', 'redis');
    const places = {
      env: env.stdout,
      processes: processes.join(),
      logs: logs.join(),
      objects,
      record,
    };
    for (const [name, text] of Object.entries(places)) {
      for (const password of [old, next, app]) {
        const base64 = Buffer.from(password).toString('base64');
        expect(text.includes(password) || text.includes(base64), `a password in ${name}`).to.be
          .false;
      }
    }
  });

  parallel.it('TLS, users, metrics and the rest work together', async () => {
    await using space = await place.namespace('together');
    const redis = release(space.name);
    const file = (name: string) => join(place.folder, name);
    const make = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    const brief = ['-nodes', '-days', '2'];
    const domain = `${space.name}.svc.cluster.local`;
    const names = ['localhost', redis.host, `*.redis-headless.${domain}`].map(
      (name) => `DNS:${name}`,
    );
    await runToSuccess('openssl', [
      ...make,
      ...brief,
      ...['-subj', '/CN=authority', '-keyout', file('ca.key'), '-out', file('ca.crt')],
    ]);
    await runToSuccess('openssl', [
      ...make,
      ...brief,
      ...['-subj', '/CN=redis', '-keyout', file('site.key'), '-out', file('site.crt')],
      ...['-CA', file('ca.crt'), '-CAkey', file('ca.key')],
      ...['-addext', `subjectAltName=${names.join()}`, '-addext', 'basicConstraints=CA:FALSE'],
    ]);
    const [authority, certificate, key] = await Promise.all(
      ['ca.crt', 'site.crt', 'site.key'].map((name) => readFile(file(name), 'utf8')),
    );
    await place.client.create(
      secretObjects,
      {
        metadata: { name: 'redis-site' },
        stringData: { 'site.pem': certificate, 'site-key.pem': key, 'authority.pem': authority },
      },
      space.name,
    );
    await redis.install({
      tls: {
        enabled: true,
        existingSecret: '{{ .Release.Name }}-site',
        certFilename: 'site.pem',
        certKeyFilename: 'site-key.pem',
        certCAFilename: 'authority.pem',
      },
      auth: { users: [{ name: 'shop', rules: '~shop:* &shop:* +@read +@write' }] },
      disableCommands: ['flushall', 'flushdb'],
      metrics: { enabled: true, dashboards: { enabled: true } },
      save: [{ seconds: 3600, changes: 1 }],
      maxclients: 200,
      extraConfiguration: 'slowlog-max-len 256',
      externalAccess: { enabled: true, type: 'NodePort' },
      commonLabels: { team: 'platform' },
      podAnnotations: { 'example.org/note': '{{ .Release.Name }}' },
      configuration: { 'notes.txt': 'of {{ .Release.Name }}' },
      sidecars: [
        {
          name: 'beside',
          image: place.image('busybox'),
          command: ['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 3600 & wait $!; done'],
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
      extraDeploy: [
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: "{{ .Release.Name }}-extra" }',
      ],
    });
    const password = async (user: string, key = `${user}-password`) =>
      (await redis.secret(`redis-${user}`)).data[key] ?? '';
    const inPod = '/dev/shm/authority.pem';
    await client(['sh', '-c', `printf %s "$TEXT" >${inPod}`], { TEXT: authority ?? '' });
    const tls = { host: redis.host, authority: inPod };
    const all = { ...tls, password: await password('default', 'redis-password') };
    const shop = { ...tls, user: 'shop', password: await password('shop') };

    await writeData(all);
    expect(await readData(all)).to.deep.equal(reads);
    const plain = await ask({ host: redis.host, password: all.password }, 'GET', 'text');
    expect(plain).to.match(/closed the connection|Connection reset|Protocol error|I\/O error/);
    expect(await ask(tls, 'GET', 'text')).to.match(/^NOAUTH/);

    expect(await ask(shop, 'SET', 'shop:1', 'open')).to.equal('OK');
    expect(await ask(shop, 'GET', 'shop:1')).to.equal('open');
    expect(await ask(shop, 'GET', 'text')).to.match(/^NOPERM/);
    expect(await ask(shop, 'SET', 'other:1', 'open')).to.match(/^NOPERM/);
    expect(await ask(shop, 'CONFIG', 'GET', 'dir')).to.match(/^NOPERM/);
    for (const server of [all, shop]) {
      for (const command of ['FLUSHALL', 'flushdb']) {
        expect(await ask(server, command)).to.match(/^NOPERM/);
      }
    }
    expect(await ask(all, 'GET', 'shop:1')).to.equal('open');
    expect(await ask(all, 'CONFIG', 'GET', 'slowlog-max-len')).to.equal('slowlog-max-len\n256');
    expect(await ask(all, 'CONFIG', 'GET', 'maxclients')).to.equal('maxclients\n200');

    const metrics = await web(['wget', '-qO-', `http://redis-metrics.${domain}:9121/metrics`]);
    expect(valueOf(metrics.stdout, 'redis_up')).to.equal('1');
    expect(valueOf(metrics.stdout, 'redis_db_keys\\{db="db0"\\}')).to.equal('6');
    expect(await redis.helm('test', 'redis')).to.match(/^Phase: +Succeeded$/m);
    const { stdout } = await redis.exec('cat', '/etc/redis/notes.txt');
    expect(stdout.trim()).to.equal('of redis');

    expect((await redis.identity()).restarts).to.deep.equal({ redis: 0, beside: 0, metrics: 0 });
  });

  parallel.it('passwords of an existing Secret and of the values, without a Job', async () => {
    await using space = await place.namespace('given');
    const password = 'it\'s "quoted" \\ $HOME ünïcode %s';
    await place.client.create(
      secretObjects,
      { metadata: { name: 'mine' }, stringData: { 'redis-password': password } },
      space.name,
    );
    const existing = release(space.name, 'redis-existing');
    const given = release(space.name, 'redis-given');
    const users = [{ name: 'app', rules: '~app:* +@all', password: 'app-given' }];
    await Promise.all([
      existing.install({ auth: { existingSecret: 'mine' }, metrics: { enabled: true } }),
      given.install({ auth: { password: 'first-given', users } }),
    ]);
    const asked = { host: existing.host, password };
    await reached(asked);
    expect(await ask(asked, 'SET', 'key', 'existing')).to.equal('OK');
    expect(await ask(asked, 'GET', 'key')).to.equal('existing');
    expect(await ask({ ...asked, password: 'first-given' }, 'GET', 'key')).to.match(/WRONGPASS/);
    expect(valueOf(await metricsOf(existing), 'redis_up')).to.equal('1');

    const first = { host: given.host, password: 'first-given' };
    await reached(first);
    expect(await ask(first, 'SET', 'app:1', 'given')).to.equal('OK');
    const app = { host: given.host, user: 'app', password: 'app-given' };
    expect(await ask(app, 'GET', 'app:1')).to.equal('given');
    const before_ = await given.identity();
    await given.upgrade({ auth: { password: 'second-given', users } });
    expect((await given.identity()).pod, 'another password restarts').not.to.equal(before_.pod);
    const second = { ...first, password: 'second-given' };
    await reached(second);
    expect(await ask(second, 'GET', 'app:1')).to.equal('given');
    expect(await ask(first, 'GET', 'app:1')).to.match(/WRONGPASS/);

    expect((await place.client.list(jobs, space.name)).items).to.deep.equal([]);
    const { items } = await place.client.list(secretObjects, space.name);
    const names = items.map(({ metadata }) => metadata.name);
    expect(names.filter((name) => !name.startsWith('sh.helm.'))).to.deep.equal([
      'mine',
      'redis-given-auth',
    ]);
  });

  parallel.it(
    'no acknowledged write is lost, and no two servers share a volume, after a forced deletion',
    async (print) => {
      await using space = await place.namespace('forced');
      const redis = release(space.name);
      await redis.install({ auth: { enabled: false } });
      const server = { host: redis.host };
      await reached(server);
      const { nodeName = '' } = (await redis.podNow()).spec;
      const watch = await watchServers(nodeName, redis);
      const writer = keepWriting(client, server, 'forced');
      await writer.acknowledged(2_000);
      const began = performance.now();
      await redis.replacePod({ abruptly: true });
      print(`Ready ${seconds(performance.now() - began)} after a forced deletion`);
      const soFar = await writer.count();
      await writer.acknowledged(soFar + 500);
      const { acknowledged, refusals } = await writer.stop();
      print(`${acknowledged.length} writes acknowledged; in between: ${refusals.join('; ')}`);
      expect(refusals.length, 'the deletion came while it wrote').to.be.greaterThan(0);
      expect(await missing(ask, server, 'forced', acknowledged, 0)).to.deep.equal([]);
      const seen = await watch.stop();
      print(`servers on the volume, one after the other: ${seen.join(', ') || 'none'}`);
      expect(seen.filter((ids) => ids !== '')).to.have.length(2);
      expect(seen.filter((ids) => ids.includes(' '))).to.deep.equal([]);

      // Whoever still holds the lock, as a former server would that does not end.
      const holder = 'redis-lock-holder';
      await place.client.create(
        pods,
        lockHolder(holder, place.image('redis'), 'data-redis-0', '.lock'),
        space.name,
      );
      await redis.remove({ abruptly: true });
      await poll(
        async () => {
          const log = (await redis.log()) ?? '';
          return log.includes(
            'start.sh: waiting up to 120 s: /data is in use by the server of redis-0, since',
          )
            ? { done: true, value: undefined }
            : { done: false, saw: log };
        },
        { what: 'the successor to wait for the lock', limitMs: 60_000, signal: abort.signal },
      );
      expect(isReady(await redis.podNow())).to.be.false;
      await place.client.remove(pods, holder, space.name);
      await redis.ready();
      expect(await redis.log()).to.include('Ready to accept connections');
      await reached(server);
      expect(await missing(ask, server, 'forced', acknowledged, 0)).to.deep.equal([]);
      expect((await redis.identity()).restarts).to.deep.equal({ redis: 0 });
    },
  );

  parallel.it('static volumes: by name and by selector, on folders of root', async () => {
    await using space = await place.namespace('static');
    const [named, selected] = ['/var/lib/holdfast-test/named', '/var/lib/holdfast-test/selected'];
    await place.onNode('agent-1', `mkdir -p -m 0750 ${named} ${selected}`);
    await place.client.create(persistentVolumes, {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'prepared', labels: { disk: 'fast' } },
      spec: {
        accessModes: ['ReadWriteOnce'],
        capacity: { storage: '1Gi' },
        persistentVolumeReclaimPolicy: 'Retain',
        ...folderOn('agent-1', selected),
      },
    });
    const common = { storageClass: '-', size: '1Gi' };
    const byName = {
      auth: { enabled: false },
      persistence: { ...common, staticVolumes: [folderOn('agent-1', named)] },
    };
    const bySelector = {
      auth: { enabled: false },
      persistence: { ...common, selector: { matchLabels: { disk: 'fast' } } },
    };
    const prove = async (name: string, values: Values, volume: string, folder: string) => {
      const redis = release(space.name, name);
      const server = { host: redis.host };
      await redis.install(values);
      const before_ = await redis.identity();
      expect(before_.volume).to.equal(volume);
      const bound = await place.client.get(persistentVolumes, volume);
      expect(bound?.spec.claimRef).to.include({ namespace: space.name, name: `data-${name}-0` });
      expect((await redis.exec('stat', '-c', '%u:%g %a', '/data')).stdout).to.equal('0:999 2770\n');
      await writeData(server);
      await redis.replacePod();
      const after_ = await redis.identity();
      expect(after_.pod).not.to.equal(before_.pod);
      expect({ ...after_, pod: '' }).to.deep.equal({ ...before_, pod: '' });
      expect(await readData(server)).to.deep.equal(reads);
      expect(await place.onNode('agent-1', `ls ${folder}`)).to.include('appendonlydir');
      await redis.uninstall();
      await redis.install(values);
      expect((await redis.identity()).volume).to.equal(volume);
      expect(await readData(server), 'reinstalled').to.deep.equal(reads);
    };
    await Promise.all([
      prove('redis', byName, 'static-data-redis-0', named),
      prove('redis-selects', bySelector, 'prepared', selected),
    ]);
  });

  parallel.it('moves out of the cluster and back, under the same DNS name', async (print) => {
    await using outside = await place.namespace('outside');
    await using space = await place.namespace('moving');
    const there = release(outside.name);
    const here = release(space.name);
    await Promise.all([there.install({ auth: { enabled: false } }), here.install()]);
    const { data } = await here.secret('redis-default');
    const own = { host: here.host, password: data['redis-password'] ?? '' };
    /** Without a password: the one outside asks for none. */
    const elsewhere = { host: here.host };
    await reached({ host: there.host });
    await reached(own);
    expect(await ask({ host: there.host }, 'SET', 'who', 'outside')).to.equal('OK');
    expect(await ask(own, 'SET', 'who', 'inside')).to.equal('OK');
    const { claim, volume } = await here.identity();
    const { podIP = '' } = (await there.podNow()).status;

    for (const [external, type] of [
      [{ addresses: [podIP] }, 'ClusterIP'],
      [{ host: there.host }, 'ExternalName'],
    ] as const) {
      await here.upgradeWithoutPods({ external: { enabled: true, ...external } });
      const began = performance.now();
      // CoreDNS keeps an answer for 30 s.
      await askUntil(() => ask(elsewhere, 'GET', 'who'), 'outside', 60_000);
      print(`${type}: outside after ${seconds(performance.now() - began)}`);
      expect((await place.client.get(services, 'redis', space.name))?.spec.type).to.equal(type);
      expect(await ask(elsewhere, 'SET', 'written', type)).to.equal('OK');
      expect(await ask({ host: there.host }, 'GET', 'written')).to.equal(type);
      expect(await here.helm('test', 'redis')).to.match(/^Phase: +Succeeded$/m);

      await here.upgrade();
      const back = performance.now();
      await askUntil(() => ask(own, 'GET', 'who'), 'inside', 60_000);
      print(`${type}: back after ${seconds(performance.now() - back)}`);
      expect(await ask(own, 'EXISTS', 'written')).to.equal('0');
      const after_ = await here.identity();
      expect([after_.claim, after_.volume]).to.deep.equal([claim, volume]);
    }
    expect((await here.secret('redis-default')).data).to.deep.equal(data);
  });

  for (const appendfsync of ['always', 'everysec']) {
    parallel.it(
      `a full volume loses nothing, and is written again once there is room (${appendfsync})`,
      async (print) => {
        await using space = await place.namespace(`full-${appendfsync}`);
        const folder = `/var/lib/holdfast-test/full-${appendfsync}`;
        const mount = `mkdir -p ${folder} && mount -t tmpfs -o size=32m,mode=0750 tmpfs ${folder}`;
        await place.onNode('agent-1', mount);
        const redis = release(space.name);
        await redis.install({
          appendfsync,
          auth: { enabled: false },
          metrics: { enabled: true },
          persistence: {
            storageClass: '-',
            size: '32Mi',
            staticVolumes: [folderOn('agent-1', folder)],
          },
        });
        const server = { host: redis.host };
        await reached(server);
        const pad = 64 * 1024;
        // 512 of them would fill the volume.
        const { acknowledged, refusals } = await write(client, server, 'fill', 515, pad);
        print(`${acknowledged.length} writes of 64 KiB acknowledged, then: ${refusals.join('; ')}`);
        expect(acknowledged.length).to.be.within(400, 512);
        const lost = () => missing(ask, server, 'fill', acknowledged, pad);
        const writeOne = () => write(client, server, 'more', 1, pad);
        const metric = async (name: string) => valueOf(await metricsOf(redis), name);
        if (appendfsync === 'always') {
          // It can't take back what it has in memory but not on the disk, and so it ends itself.
          expect(refusals[0]).to.match(/^Error: (Server closed the connection|Connection reset)/);
          // The server may be back before the kubelet has told that it was gone.
          await poll(
            async () => {
              const { restarts } = await redis.identity();
              return restarts['redis'] === 1
                ? { done: true, value: undefined }
                : { done: false, saw: JSON.stringify(restarts) };
            },
            { what: 'one restart', limitMs: 30_000, signal: abort.signal },
          );
          await redis.ready();
          await reached(server);
          expect(await redis.log(true))
            .to.match(/Short write|No space left/)
            .and.to.match(/'always'. Exiting/);
          expect(await lost(), 'while the volume is full').to.deep.equal([]);
          expect((await writeOne()).acknowledged).to.deep.equal([]);
          expect(await metric('redis_up')).to.equal('0');
        } else {
          expect(refusals).to.have.length(1);
          expect(refusals[0]).to.match(
            /^MISCONF Errors writing to the AOF file: No space left on device/,
          );
          expect(await lost(), 'while the volume is full').to.deep.equal([]);
          expect((await writeOne()).refusals).to.deep.equal(refusals);
          expect(await metric('redis_up')).to.equal('1');
          expect(await metric('redis_aof_last_write_status')).to.equal('0');
        }
        await place.onNode('agent-1', `mount -o remount,size=64m ${folder}`);
        const began = performance.now();
        // A container that has ended twice within a minute is started again after some 20 s.
        await askUntil(async () => (await writeOne()).acknowledged.join(), '1', 90_000);
        print(`written again ${seconds(performance.now() - began)} after there was room`);
        await redis.ready();
        expect(await lost(), 'once there is room').to.deep.equal([]);
        expect(await missing(ask, server, 'more', [1], pad)).to.deep.equal([]);
        const restarts = appendfsync === 'always' ? 2 : 0;
        expect((await redis.identity()).restarts).to.deep.equal({ redis: restarts, metrics: 0 });
        await poll(
          async () => {
            const saw = (await metric('redis_aof_last_write_status')) ?? 'nothing';
            return saw === '1' ? { done: true, value: undefined } : { done: false, saw };
          },
          { what: 'the metric to say so', limitMs: 30_000, signal: abort.signal },
        );
      },
    );
  }

  parallel.it(
    'another image, another setting, a rollback and the diagnostic mode keep the data',
    async (print) => {
      await using space = await place.namespace('changes');
      const redis = release(space.name);
      const values = { auth: { enabled: false } };
      const server = { host: redis.host };
      const setting = () => ask(server, 'CONFIG', 'GET', 'appendfsync');
      const imageNow = async () => (await redis.podNow()).spec.containers[0]?.image;
      await redis.install(values);
      await writeData(server);
      const first = await redis.identity();
      const uids = [first.pod];
      async function isAnother(): Promise<void> {
        const { pod, claim, volume } = await redis.identity();
        expect(uids).not.to.include(pod);
        uids.push(pod);
        expect([claim, volume]).to.deep.equal([first.claim, first.volume]);
      }

      const began = performance.now();
      await redis.upgrade({ ...values, image: { tag: anotherTag } });
      print(`Ready with another image after ${seconds(performance.now() - began)}`);
      await isAnother();
      expect(await imageNow()).to.equal(another);
      expect(await readData(server)).to.deep.equal(reads);

      await redis.upgrade({ ...values, image: { tag: anotherTag }, appendfsync: 'everysec' });
      await isAnother();
      expect(await readData(server)).to.deep.equal(reads);
      expect(await setting()).to.equal('appendfsync\neverysec');

      await redis.rollback(1);
      await isAnother();
      expect(await imageNow()).to.equal(place.image('redis'));
      expect(await readData(server)).to.deep.equal(reads);
      expect(await setting()).to.equal('appendfsync\nalways');

      // What runs instead does not obey when it is told to stop.
      const brief = { terminationGracePeriodSeconds: 5 };
      await redis.upgrade({ ...values, ...brief, diagnosticMode: { enabled: true } });
      await isAnother();
      const { stdout } = await redis.exec('cat', '/proc/1/cmdline');
      expect(stdout).to.equal('sleep\0infinity\0');
      expect((await redis.exec('ls', '/data')).stdout).to.equal('appendonlydir\n');
      expect(
        (await redis.exec('cat', '/data/appendonlydir/appendonly.aof.1.incr.aof')).stdout,
      ).to.include('a value with');
      expect(await ask(server, 'PING')).to.match(/^Could not connect .*refused/);

      await redis.upgrade(values);
      await isAnother();
      expect(await readData(server)).to.deep.equal(reads);
    },
  );

  parallel.it('two releases in one namespace do not touch each other', async () => {
    await using space = await place.namespace('two');
    const [one, two] = [release(space.name, 'redis'), release(space.name, 'redis-two')];
    await Promise.all([one.install(), two.install()]);
    const access = async (redis: Release) => ({
      host: redis.host,
      password: (await redis.secret(`${redis.name}-default`)).data['redis-password'] ?? '',
    });
    const [first, second] = [await access(one), await access(two)];
    expect(first.password).not.to.equal(second.password);
    await Promise.all([reached(first), reached(second)]);
    for (const server of [first, second]) {
      expect(await ask(server, 'SET', 'who', server.host)).to.equal('OK');
    }
    for (const server of [first, second]) {
      expect(await ask(server, 'GET', 'who')).to.equal(server.host);
    }
    expect(await ask({ ...second, password: first.password }, 'GET', 'who')).to.match(/WRONGPASS/);

    const before_ = await two.identity();
    const secret = await two.secret('redis-two-default');
    await one.upgrade({ appendfsync: 'everysec' });
    await one.replacePod();
    await one.uninstall();
    expect(await two.identity()).to.deep.equal(before_);
    expect(await two.secret('redis-two-default')).to.deep.equal(secret);
    expect(await ask(second, 'GET', 'who')).to.equal(second.host);
    expect(await two.helm('test', 'redis-two')).to.match(/^Phase: +Succeeded$/m);
    await one.install();
    await reached(first);
    expect(await ask(first, 'GET', 'who')).to.equal(first.host);
    expect(await two.identity()).to.deep.equal(before_);
  });
});
