import { EventLog } from '@keytrail/event-store';
import { ApiSettings, uniqueId } from '@keytrail/platform';
import type { Logger } from '@keytrail/platform';
import type { ReadModels } from '@keytrail/read-models';
import { Module } from '@nestjs/common';
import type { DynamicModule, Provider, Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { AccessGuard } from './access/guard/access.guard.js';
import { BearerAuthenticator } from './access/guard/bearer-authenticator.js';
import { KeyCheck } from './access/key-check/key-check.js';
import { CredentialLookUp } from './access/key-check/credential-look-up.js';
import { RefusalRecorder } from './access/key-check/refusal-recorder.js';
import { SessionAuthenticator } from './access/guard/session-authenticator.js';
import { UsageRecorder } from './access/key-check/usage-recorder.js';
import { peopleControllers, peopleProviders } from './accounts/accounts.module.js';
import { ChangeKeyHandler } from './commands/change-key.js';
import { CreateKeyController } from './keys/create-key/create-key.controller.js';
import { CallerCheck } from './event-feed/caller-check.js';
import { EventFeed } from './event-feed/event-feed.js';
import { feedSource } from './event-feed/feed-source.js';
import { History } from './event-feed/history.js';
import { LiveTail } from './event-feed/live-tail.js';
import { ReadEventsController } from './event-feed/read-events.controller.js';
import { ExportAuditController } from './audit/export-audit/export-audit.controller.js';
import { ExportRecorder } from './audit/export-audit/export-recorder.js';
import { ForwardAuthController } from './access/forward-auth/forward-auth.controller.js';
import { GetKeyController } from './keys/get-key/get-key.controller.js';
import { GetKeyHandler } from './keys/get-key/get-key.handler.js';
import { HealthController } from './operations/health/health.controller.js';
import { Metrics } from './http/metrics.js';
import { ProblemFilter } from './http/problem.filter.js';
import { UndeclaredQueryGuard } from './http/undeclared-query.guard.js';
import { StrictValidationPipe } from './http/validation.js';
import { InvitationMailer } from './accounts/invite-member/invitation-mailer.js';
import { ListKeysController } from './keys/list-keys/list-keys.controller.js';
import { ListKeysHandler } from './keys/list-keys/list-keys.handler.js';
import { ListTransactionsController } from './usage/list-transactions/list-transactions.controller.js';
import { ListUsageController } from './usage/list-usage/list-usage.controller.js';
import { ListUsesHandler } from './usage/list-usage/list-uses.handler.js';
import { ReadAuditController } from './audit/read-audit/read-audit.controller.js';
import { ReadAuditHandler } from './audit/read-audit/read-audit.handler.js';
import { RevokeKeyController } from './keys/revoke-key/revoke-key.controller.js';
import { SignInController } from './sign-in/sign-in.controller.js';
import { SignIn } from './sessions/sign-in.js';
import { ConsistentReads } from './stores/consistent-reads.js';
import { LogHead } from './stores/log-head.js';
import { READ_MODELS } from './stores/read-models.token.js';
import { UsageSeriesController } from './usage/usage-series/usage-series.controller.js';
import { UsageSeriesHandler } from './usage/usage-series/usage-series.handler.js';
import { VerifyKeyController } from './access/verify-key/verify-key.controller.js';
import { WhoAmIController } from './accounts/who-am-i/who-am-i.controller.js';
import { WhoAmIHandler } from './accounts/who-am-i/who-am-i.handler.js';

export interface AppDependencies {
  readonly settings: ApiSettings;
  readonly log: EventLog;
  readonly models: ReadModels;
  readonly logger: Logger;
  /** Further routes in the same stack; the bench compares with one that nobody guards. */
  readonly modules?: readonly Type[];
}

const controllers = [
  SignInController,
  WhoAmIController,
  CreateKeyController,
  ListKeysController,
  GetKeyController,
  RevokeKeyController,
  UsageSeriesController,
  ListUsageController,
  ListTransactionsController,
  ExportAuditController,
  ReadAuditController,
  ReadEventsController,
  VerifyKeyController,
  ForwardAuthController,
  HealthController,
  ...peopleControllers,
];

const handlers = [
  ChangeKeyHandler,
  ListKeysHandler,
  GetKeyHandler,
  ListUsesHandler,
  UsageSeriesHandler,
  ReadAuditHandler,
  WhoAmIHandler,
  ...peopleProviders,
];

@Module({})
export class AppModule {
  static async forRoot(dependencies: AppDependencies): Promise<DynamicModule> {
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot(), ...(dependencies.modules ?? [])],
      controllers,
      providers: [...handlers, ...access, ...feed, ...(await services(dependencies))],
    };
  }
}

const feed: Provider[] = [CallerCheck, EventFeed];

const access: Provider[] = [
  Metrics,
  BearerAuthenticator,
  KeyCheck,
  SessionAuthenticator,
  { provide: APP_GUARD, useClass: AccessGuard },
  { provide: APP_GUARD, useClass: UndeclaredQueryGuard },
  { provide: APP_FILTER, useClass: ProblemFilter },
  { provide: APP_PIPE, useClass: StrictValidationPipe },
];

async function services({ settings, log, models, logger }: AppDependencies): Promise<Provider[]> {
  // Each start of a process writes streams of its own, of which it is the only writer.
  const processId = uniqueId();
  const head = new LogHead(log, models);
  const reads = new ConsistentReads(head, models);
  const lookUp = new CredentialLookUp(models, reads);
  return [
    { provide: ApiSettings, useValue: settings },
    { provide: EventLog, useValue: log },
    { provide: READ_MODELS, useValue: models },
    { provide: LogHead, useValue: head },
    { provide: ConsistentReads, useValue: reads },
    { provide: CredentialLookUp, useValue: lookUp },
    { provide: UsageRecorder, useValue: new UsageRecorder(log, processId, lookUp) },
    { provide: RefusalRecorder, useValue: new RefusalRecorder(log, processId, logger) },
    { provide: ExportRecorder, useValue: new ExportRecorder(log, processId) },
    { provide: LiveTail, useValue: new LiveTail(feedSource(log, head, logger)) },
    { provide: History, useValue: new History(models) },
    { provide: InvitationMailer, useValue: new InvitationMailer(settings, logger) },
    { provide: SignIn, useValue: await SignIn.open(log, models, settings, processId) },
  ];
}
