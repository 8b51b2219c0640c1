import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module.js';
import { SignInController } from './sign-in.controller.js';

@Module({ imports: [SessionsModule], controllers: [SignInController] })
export class SignInModule {}
