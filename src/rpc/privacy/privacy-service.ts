import type { PrivacyServiceServer } from '../../gen/sotto/v1/privacy.ts';
import { streaming, unary } from '../method.ts';
import type { ServiceContext } from '../service-context.ts';
import {
  dpiaInputsOf,
  erase,
  exportSubject,
  findSubject,
  listAudit,
  processingRecordOf,
  readTranscript,
  restrict,
  reveal,
  verifyAudit,
} from './handlers.ts';

export function privacyService(context: ServiceContext): PrivacyServiceServer {
  return {
    findSubject: unary('FindSubject', findSubject, context),
    export: streaming('Export', exportSubject, context),
    erase: unary('Erase', erase, context),
    restrict: unary('Restrict', restrict, context),
    reveal: unary('Reveal', reveal, context),
    readTranscript: unary('ReadTranscript', readTranscript, context),
    listAudit: unary('ListAudit', listAudit, context),
    verifyAudit: unary('VerifyAudit', verifyAudit, context),
    processingRecord: unary('ProcessingRecord', processingRecordOf, context),
    dpiaInputs: unary('DpiaInputs', dpiaInputsOf, context),
  };
}
