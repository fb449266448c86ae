import type { Fault } from './fault.ts';
import type { Answer, Assumptions, Running } from './vendor.ts';

/**
 * The sandbox's own door beside the vendor's API, under `/_sandbox/`:
 *
 * - `GET ledger` every request so far; `DELETE ledger` forgets them
 * - `GET state` what the vendor holds now; `PUT state` replaces it
 * - `GET faults`, `PUT faults` with a JSON array of faults, `DELETE faults`
 * - `GET assumptions`, `PUT assumptions` with a JSON object of the values to change
 * - `POST reset` seeds again and clears ledger, faults and assumptions
 */
export function control(vendor: Running, method: string, path: string, body: string): Answer {
  try {
    return answer(vendor, method, path, body);
  } catch (error) {
    return { status: 400, json: { error: (error as Error).message } };
  }
}

function answer(vendor: Running, method: string, path: string, body: string): Answer {
  const { definition } = vendor;
  const sent = (): unknown => JSON.parse(body);
  switch (`${method} ${path.slice('/_sandbox/'.length)}`) {
    case 'GET ledger':
      return { status: 200, json: vendor.ledger };
    case 'DELETE ledger':
      vendor.ledger.length = 0;
      return { status: 204 };
    case 'GET state':
      return { status: 200, json: vendor.state };
    case 'PUT state':
      vendor.state = sent() as object;
      return { status: 204 };
    case 'GET faults':
      return { status: 200, json: vendor.faults };
    case 'PUT faults':
      vendor.faults = sent() as Fault[];
      return { status: 204 };
    case 'DELETE faults':
      vendor.faults = [];
      return { status: 204 };
    case 'GET assumptions':
      return { status: 200, json: vendor.assumptions };
    case 'PUT assumptions':
      return changeAssumptions(vendor, sent() as Assumptions);
    case 'POST reset':
      vendor.state = definition.seed();
      vendor.ledger.length = 0;
      vendor.faults = [];
      vendor.assumptions = { ...definition.assumptions };
      return { status: 204 };
    default:
      return { status: 404, json: { error: `the sandbox has no ${method} ${path}` } };
  }
}

function changeAssumptions(vendor: Running, wanted: Assumptions): Answer {
  const unknown = Object.keys(wanted).filter((name) => !(name in vendor.definition.assumptions));
  if (unknown.length > 0)
    return { status: 400, json: { error: `unknown assumptions: ${unknown.join(', ')}` } };
  Object.assign(vendor.assumptions, wanted);
  return { status: 204 };
}
