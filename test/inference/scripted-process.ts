/** The process of supervised-process.test.ts: does what each request says. */
import { ServiceError } from '../../src/domain/service-error.ts';
import { serveRequests } from '../../src/inference/serve-requests.ts';

export type ScriptedRequest =
  | { readonly type: 'echo'; readonly value: unknown }
  | { readonly type: 'pid' }
  | { readonly type: 'variable'; readonly name: string }
  | { readonly type: 'notices' }
  | { readonly type: 'fail'; readonly message: string }
  | { readonly type: 'hang' }
  | { readonly type: 'die' };

serveRequests(async (options, emit) => {
  if (options === 'refuse') throw new ServiceError('failed-precondition', 'config.json: missing');
  if (options === 'die') process.kill(process.pid, 'SIGKILL');
  const notices: unknown[] = [];
  return {
    info: { pid: process.pid, options },
    async request(body, signal) {
      const request = body as ScriptedRequest;
      switch (request.type) {
        case 'echo':
          return request.value;
        case 'pid':
          return process.pid;
        case 'variable':
          return process.env[request.name];
        case 'notices':
          return notices;
        case 'fail':
          throw new TypeError(request.message);
        case 'hang':
          emit('hanging');
          return new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              emit('aborted');
              reject(new ServiceError('cancelled', 'aborted'));
            });
          });
        case 'die':
          process.kill(process.pid, 'SIGKILL');
          return undefined;
      }
    },
    notify: (body) => void notices.push(body),
    async [Symbol.asyncDispose]() {},
  };
});
