import pino from 'pino';
import { ConfigError, readConfig } from '../config.ts';
import { faultsOfDocuments } from '../graphql/persisted-documents.ts';
import { faultsOf } from '../providers/index.ts';
import { startGateway } from '../server.ts';
import { untilStopped } from './until-stopped.ts';

/** Runs the gateway as the environment says, until it is asked to stop. */
export async function serve(): Promise<number> {
  const { graphiql, logLevel, ...config } = readConfig(faultsOf);
  const faults = faultsOfDocuments(config.persisted.documents);
  if (faults.length > 0) throw new ConfigError(faults.map((fault) => `PERSISTED_DOCUMENTS_FILE ${fault}`));
  const log = pino({ level: logLevel });
  const gateway = await startGateway({
    ...config,
    graphiql: graphiql ? { tabs: [], tokens: [] } : null,
    log,
  });
  await untilStopped();
  log.info('stopping');
  await gateway.stop();
  return 0;
}
