import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { describeProblems } from './describe-problems.js';
import { signInPaths, signInSchemas } from './sign-in-paths.js';

/** The OpenAPI document of the application. */
export function createOpenApi(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Keytrail')
    .setDescription(
      'Issues, checks and revokes API keys. Every change and every use is in the audit trail.',
    )
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'axk_ and 42 letters and digits',
      description:
        'An API key of the account. Each request with it is recorded as a use of the key.',
    })
    .addCookieAuth('keytrail.session_token', {
      type: 'apiKey',
      in: 'cookie',
      description:
        'The session of a person. Signing in sets the cookie; COOKIE_PREFIX sets the name, and over HTTPS it begins with `__Host-`.',
    })
    .build();
  return withSignIn(
    describeProblems(withOneOperationEach(SwaggerModule.createDocument(app, config))),
  );
}

/** A route for all methods is one operation; it is described as a GET. */
function withOneOperationEach(document: OpenAPIObject): OpenAPIObject {
  const paths = Object.entries(document.paths).map(([path, item]) => {
    const { get, post } = item;
    return [path, get && get.operationId === post?.operationId ? { get } : item] as const;
  });
  return { ...document, paths: Object.fromEntries(paths) };
}

const withSignIn = ({ paths, components, ...document }: OpenAPIObject): OpenAPIObject => ({
  ...document,
  paths: { ...signInPaths, ...paths },
  components: { ...components, schemas: { ...components?.schemas, ...signInSchemas } },
});

/** Serves the document at `/openapi.json` and a readable form of it at `/docs`. */
export function serveOpenApi(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => createOpenApi(app), {
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: 'Keytrail API',
  });
}
