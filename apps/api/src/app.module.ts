import { Module } from '@nestjs/common';
import type { DynamicModule, Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { AccessModule } from './access/access.module.js';
import { AccessGuard } from './access/guard/access.guard.js';
import { AccountsModule } from './accounts/accounts.module.js';
import { AuditModule } from './audit/audit.module.js';
import { CommandsModule } from './commands/commands.module.js';
import { EventFeedModule } from './event-feed/event-feed.module.js';
import { HttpModule } from './http/http.module.js';
import { UndeclaredQueryGuard } from './http/undeclared-query.guard.js';
import { KeysModule } from './keys/keys.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { SignInModule } from './sign-in/sign-in.module.js';
import { StoresModule } from './stores/stores.module.js';
import type { StoresOptions } from './stores/stores.module.js';
import { UsageModule } from './usage/usage.module.js';

export interface AppDependencies extends StoresOptions {
  /** Further routes in the same stack; the bench compares with one that nobody guards. */
  readonly modules?: readonly Type[];
}

/** In the order in which the OpenAPI document shows their routes. */
const routes = [
  SignInModule,
  KeysModule,
  UsageModule,
  AuditModule,
  EventFeedModule,
  AccessModule,
  OperationsModule,
  AccountsModule,
];

/** The layers and the areas, and the guards of all routes: who calls is found out first. */
@Module({
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_GUARD, useClass: UndeclaredQueryGuard },
  ],
})
export class AppModule {
  static forRoot({ modules = [], ...stores }: AppDependencies): DynamicModule {
    return {
      module: AppModule,
      imports: [
        CqrsModule.forRoot(),
        StoresModule.forRoot(stores),
        HttpModule,
        CommandsModule,
        ...routes,
        ...modules,
      ],
    };
  }
}
