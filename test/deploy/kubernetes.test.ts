/**
 * The manifests against what the server really is. Their schema is checked by `kubernetes-validate --strict` (PyPI),
 * where it is installed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { configSchema } from '../../src/config/schema.ts';
import { loadConfig } from '../../src/config.ts';

const FOLDER = 'deploy/kubernetes';
const kustomization = read('kustomization.yaml');
const deployment = read('deployment.yaml');
const pod = deployment.spec.template.spec;
const [container] = pod.containers;
const config = configSchema.parse(parse(read('config.yaml').data['sotto.yaml']));
const ports = new Map<string, number>(
  container.ports.map(({ name, containerPort }: { name: string; containerPort: number }) => [
    name,
    containerPort,
  ]),
);
const hasValidator = spawnSync('kubernetes-validate', ['--version']).status === 0;

// biome-ignore lint/suspicious/noExplicitAny: manifests, of any kind
function read(name: string): any {
  return parse(readFileSync(join(FOLDER, name), 'utf8'));
}

describe('the kustomization', () => {
  it('names every manifest that there is', () => {
    const manifests = readdirSync(FOLDER).filter(
      (name) => name.endsWith('.yaml') && name !== 'kustomization.yaml',
    );
    expect(kustomization.resources.toSorted()).toEqual(manifests.sort());
  });

  it('patches places that exist for GPUs', () => {
    const [patch] = read('gpu/kustomization.yaml').patches;
    expect(patch.target).toEqual({ kind: deployment.kind, name: deployment.metadata.name });
    const operations: { path: string }[] = parse(patch.patch);
    for (const { path } of operations) {
      const parents = path.split('/').slice(1, -1);
      expect(parents.reduce((node, name) => node?.[name], deployment)).toBeDefined();
    }
  });
});

describe('the manifests', () => {
  it.skipIf(!hasValidator)(
    'follow the schemas of Kubernetes (skipped without kubernetes-validate: pip install kubernetes-validate)',
    () => {
      const archive = read('archive/kustomization.yaml').resources.filter(
        // A kind of KEDA's.
        (name: string) => name !== 'scaled-object.yaml',
      );
      const files = [
        ...kustomization.resources.filter(
          (name: string) => read(name).apiVersion !== 'monitoring.coreos.com/v1',
        ),
        ...archive.map((name: string) => `archive/${name}`),
      ];
      const { status, stderr } = spawnSync(
        'kubernetes-validate',
        ['--strict', ...files.map((name: string) => join(FOLDER, name))],
        { encoding: 'utf8' },
      );
      expect(status, stderr).toBe(0);
    },
  );

  it('select the pods of the deployment, all of them', () => {
    const { labels } = deployment.spec.template.metadata;
    const selectors = [
      deployment.spec.selector.matchLabels,
      read('service.yaml').spec.selector,
      read('disruption-budget.yaml').spec.selector.matchLabels,
      read('network-policy.yaml').spec.podSelector.matchLabels,
      pod.topologySpreadConstraints[0].labelSelector.matchLabels,
    ];
    for (const selector of selectors) expect(selector).toEqual(labels);
    expect(read('service-monitor.yaml').spec.selector.matchLabels).toEqual(
      read('service.yaml').metadata.labels,
    );
  });

  it('use ports that the server listens on, by names that exist', () => {
    expect(ports.get('grpc')).toBe(config.server.port);
    expect(ports.get('metrics')).toBe(config.metrics.port);
    const named = [
      ...read('service.yaml').spec.ports.map(({ targetPort }: { targetPort: string }) => targetPort),
      ...read('network-policy.yaml').spec.ingress.map(
        (rule: { ports: [{ port: string }] }) => rule.ports[0].port,
      ),
      ...[container.startupProbe, container.readinessProbe, container.livenessProbe].map(
        ({ httpGet }) => httpGet.port,
      ),
    ];
    for (const name of named) expect([...ports.keys()]).toContain(name);
    const serviceNames = read('service.yaml').spec.ports.map(({ name }: { name: string }) => name);
    expect(serviceNames).toContain(read('service-monitor.yaml').spec.endpoints[0].port);
  });

  it('give running calls the time that the server gives them', () => {
    const preStopMs = Number(/(\d+)\)/.exec(container.lifecycle.preStop.exec.command.at(-1))?.[1]);
    const marginMs = pod.terminationGracePeriodSeconds * 1000 - preStopMs - config.server.shutdownGraceMs;
    // After 20 s a server that cannot end kills itself, which tells more than being killed.
    expect(marginMs).toBeGreaterThan(20_000);
  });

  it('probe what the server serves: ready while calls are taken, alive as long as it answers', () => {
    expect(container.readinessProbe.httpGet.path).toBe('/readyz');
    expect(container.startupProbe.httpGet.path).toBe('/readyz');
    expect(container.livenessProbe.httpGet.path).toBe('/livez');
    expect(config.metrics).toMatchObject({ enabled: true, host: '0.0.0.0' });
  });

  it('run without privileges, without a writable root, and keep to the pod security standard "restricted"', () => {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod.automountServiceAccountToken).toBe(false);
    const writable = container.volumeMounts.filter(({ readOnly }: { readOnly?: boolean }) => !readOnly);
    expect(writable.map(({ mountPath }: { mountPath: string }) => mountPath)).toEqual(['/tmp']);
  });

  it('mount every file that the configuration names', () => {
    const mounts: string[] = container.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath);
    const named = [container.env[0].value, ...Object.values(config.server.tls ?? {})];
    for (const file of named) expect(mounts.some((mount) => file.startsWith(`${mount}/`))).toBe(true);
  });

  it('keep one pod at a time from going, and add one before another goes', () => {
    expect(read('disruption-budget.yaml').spec.maxUnavailable).toBe(1);
    expect(deployment.spec.strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
    expect(deployment.spec.replicas).toBeGreaterThan(1);
  });
});

describe('the Dockerfile', () => {
  const dockerfile = readFileSync('Dockerfile', 'utf8');
  const stages = dockerfile.split(/^FROM /m).slice(1);
  const targets = stages.filter((stage) => /AS (?:cpu|cuda)\b/.test(stage));

  it('has a target for CPUs, which is built by default, and one for CUDA', () => {
    expect(targets.map((stage) => /AS (\w+)/.exec(stage)![1])).toEqual(['cuda', 'cpu']);
    expect(stages.at(-1)).toMatch(/AS cpu/);
  });

  it.each(targets)('runs as an ordinary user with a health check, and stops by SIGTERM (%#)', (stage) => {
    expect(stage).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m);
    expect(stage).toMatch(/^HEALTHCHECK /m);
    expect(stage).toMatch(/^STOPSIGNAL SIGTERM$/m);
    expect(stage).not.toMatch(/^(?:ADD|VOLUME) |curl|wget|:latest/m);
  });

  it('copies only what is there, and what .dockerignore lets through', () => {
    const allowed = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) =>
      sources!.split(' '),
    );
    for (const source of copied) {
      expect(existsSync(source), source).toBe(true);
      expect(
        allowed.some((path) => source === path || source.startsWith(`${path}/`)),
        source,
      ).toBe(true);
    }
  });
});

describe('the workers of an archive', () => {
  const worker = read('archive/worker.yaml');
  const [{ env, args, ports: workerPorts }] = worker.spec.template.spec.containers;

  it('are configured with variables that there are, and started by a command that there is', () => {
    const variables = Object.fromEntries(
      env
        .filter(({ name, value }: { name: string; value?: string }) => name !== 'SOTTO_CONFIG' && value)
        .map(({ name, value }: { name: string; value: string }) => [name, value]),
    );
    expect(loadConfig({ environment: variables }).archive.roots).toEqual(['/recordings']);
    expect(env.map(({ name }: { name: string }) => name)).toContain('SOTTO_STORE_DATABASE_URL');
    expect(args).toEqual(['worker', '--capacity', '4']);
  });

  it('are those that KEDA scales, and that may be scraped', () => {
    const { labels } = worker.spec.template.metadata;
    expect(worker.spec.selector.matchLabels).toEqual(labels);
    const policy = read('archive/network-policy.yaml').spec;
    expect(policy.podSelector.matchLabels).toEqual(labels);
    expect(workerPorts.map(({ name }: { name: string }) => name)).toContain(policy.ingress[0].ports[0].port);
    const scaled = readFileSync(join(FOLDER, 'archive/scaled-object.yaml'), 'utf8');
    expect(parseAllDocuments(scaled).at(-1)!.toJS().spec.scaleTargetRef.name).toBe(worker.metadata.name);
  });
});

describe.each(['compose.yaml', 'compose.archive.yaml'])('%s', (file) => {
  // biome-ignore lint/suspicious/noExplicitAny: services, of any kind
  const { services }: { services: Record<string, any> } = parse(readFileSync(join('deploy', file), 'utf8'), {
    merge: true,
  });
  const ours = Object.values(services).filter(({ build }) => build !== undefined);

  it('mounts files that are there, and builds a target of the Dockerfile', () => {
    for (const { build } of ours) {
      expect(readFileSync('Dockerfile', 'utf8')).toMatch(new RegExp(`AS ${build.target}$`, 'm'));
    }
    const sources = Object.values(services).flatMap(({ volumes }) =>
      volumes.map((volume: string) => volume.split(':')[0]!),
    );
    // Those are filled by whoever runs it.
    const brought = ['./sotto', './recordings', './redacted'];
    for (const source of sources.filter((each) => each.startsWith('.') && !brought.includes(each))) {
      expect(existsSync(join('deploy', source)), source).toBe(true);
    }
  });

  it('sets only variables that there are, to values that are allowed', () => {
    for (const { environment } of ours) {
      const { PGPASSWORD: _, SOTTO_CONFIG: __, ...variables } = environment;
      expect(() => loadConfig({ environment: variables })).not.toThrow();
    }
  });
});

it('the archive of the compose file has a server and workers on one database, with the same keys', () => {
  const { services } = parse(readFileSync('deploy/compose.archive.yaml', 'utf8'), { merge: true });
  const { server, worker } = services;
  const configs = [server, worker].map(({ environment: { PGPASSWORD: _, SOTTO_CONFIG: __, ...variables } }) =>
    loadConfig({ environment: variables }),
  );
  expect(configs.map(({ archive }) => archive.capacity)).toEqual([0, 4]);
  expect(configs[0]!.store).toEqual(configs[1]!.store);
  expect(worker.command).toEqual(['worker']);
  expect(worker.volumes).toEqual(server.volumes);
});
