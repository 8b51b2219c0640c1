import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { ExportAuditController } from './export-audit/export-audit.controller.js';
import { ExportRecorder } from './export-audit/export-recorder.js';
import { ReadAuditController } from './read-audit/read-audit.controller.js';
import { ReadAuditHandler } from './read-audit/read-audit.handler.js';

@Module({
  imports: [AccessModule],
  controllers: [ExportAuditController, ReadAuditController],
  providers: [ReadAuditHandler, ExportRecorder],
})
export class AuditModule {}
