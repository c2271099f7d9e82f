export { checkDeclaration, checkNotice, checkOperator, type Declaration } from './declaration.ts';
export { DEFAULT_POLICY, type LawfulBasis, loadPolicy, type Policy, type Purpose } from './policy.ts';
export {
  PROHIBITED_FEATURES,
  PROHIBITION_SOURCE,
  type ProhibitedFeature,
  prohibited,
} from './prohibited-features.ts';
