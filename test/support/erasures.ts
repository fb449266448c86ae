import type { Api, GraphqlAnswer } from './api.ts';
import { DELETE, ERASURE, PROGRESS, RESOLVE, WAITING } from './documents.ts';

/** Asks for an erasure and returns its id; fails when it is refused. */
export async function requestErasure(api: Api, customerId: string, input: object = {}): Promise<string> {
  const { deleteCustomer } = await api.data(DELETE, { input: { customerId, reason: 'a test', ...input } });
  if (!deleteCustomer.erasure) throw new Error(JSON.stringify(deleteCustomer));
  return deleteCustomer.erasure.id;
}

/** The erasure after it has ended. */
export async function ended(api: Api, id: string): Promise<GraphqlAnswer['data']> {
  await api.watch(PROGRESS, { id });
  return (await api.data(ERASURE, { id })).erasure;
}

/** Deletes a customer and returns the erasure as it ended. */
export async function erase(
  api: Api,
  customerId: string,
  input: object = {},
): Promise<GraphqlAnswer['data']> {
  return ended(api, await requestErasure(api, customerId, input));
}

/** The task at an integration. */
export function taskAt(erasure: GraphqlAnswer['data'], integrationId: string): GraphqlAnswer['data'] {
  return erasure.tasks.find((task: { integrationId: string }) => task.integrationId === integrationId);
}

/** Waits until a task of the erasure waits for a reason. */
export async function waitsFor(api: Api, id: string, reason: string): Promise<void> {
  await api.watch(WAITING, { id }, (events) => {
    const tasks: { waitingReason: string }[] = events.at(-1)?.data?.erasureProgress.erasure.tasks ?? [];
    return tasks.some(({ waitingReason }) => waitingReason === reason);
  });
}

/** Decides about the task at an integration. */
export async function resolve(
  api: Api,
  id: string,
  integrationId: string,
  resolution: string,
): Promise<GraphqlAnswer['data']> {
  const { erasure } = await api.data(ERASURE, { id });
  const taskId = taskAt(erasure, integrationId).id;
  return (await api.data(RESOLVE, { input: { taskId, resolution, reason: 'looked at it' } })).resolveTask;
}
