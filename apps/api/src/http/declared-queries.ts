import { Injectable } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

type Operations = Readonly<Record<string, unknown>>;

/** Which operations take a query, as the OpenAPI document of the application says. */
@Injectable()
export class DeclaredQueries {
  private describe: () => Pick<OpenAPIObject, 'paths'> = () => ({ paths: {} });
  private paths: Pick<OpenAPIObject, 'paths'>['paths'] | undefined;

  /** @param describe makes the document; called once, when somebody first asks with a query */
  readFrom(describe: () => Pick<OpenAPIObject, 'paths'>): void {
    this.describe = describe;
  }

  takesQuery({ method, routeOptions }: FastifyRequest): boolean {
    this.paths ??= this.describe().paths;
    const route = (routeOptions.url ?? '').replaceAll(/:(\w+)/g, '{$1}');
    const operations = (this.paths[route] ?? {}) as Operations;
    // A route for all methods is described as a GET, and so is its HEAD.
    const operation = operations[method.toLowerCase()] ?? operations['get'];
    const { parameters = [] } = (operation ?? {}) as { parameters?: { in?: string }[] };
    return parameters.some(({ in: place }) => place === 'query');
  }
}
