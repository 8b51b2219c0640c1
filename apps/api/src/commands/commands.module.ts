import { Module } from '@nestjs/common';
import { ChangeAccountHandler } from './change-account.js';
import { ChangeKeyHandler } from './change-key.js';

/** The handlers behind the command bus, one for each kind of stream. */
@Module({ providers: [ChangeKeyHandler, ChangeAccountHandler] })
export class CommandsModule {}
