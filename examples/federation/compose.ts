import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

/** A subgraph: what the router calls it, where it is, and its schema. */
export interface Subgraph {
  name: string;
  url: string;
  sdl: string;
}

/** Makes one supergraph of several subgraphs. Throws where they do not fit together. */
export function compose(subgraphs: readonly Subgraph[]): { supergraphSdl: string; hints: string[] } {
  const services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
  const { errors, supergraphSdl, hints } = composeServices(services);
  if (errors) throw new AggregateError(errors, errors.map(({ message }) => message).join('\n'));
  return { supergraphSdl, hints: hints.map((hint) => hint.toString()) };
}
