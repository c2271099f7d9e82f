import { PhraseTrie } from '../phrase-trie.ts';

/** Words for illness, treatment, medication, pregnancy and disability in five languages; written for Sotto. */
const TERMS = `
suikerziekte diabetes diabeet diabetes type 1 diabetes type 2 | diabetes type een | diabetes type twee | kanker | borstkanker | longkanker | darmkanker | prostaatkanker | huidkanker | tumor | leukemie | chemo | chemotherapie | chemokuur | bestraling | bestralingen | uitzaaiingen |
hartaanval | hartinfarct | hartfalen | hartklachten | hartpatiënt | hartkwaal | hartritmestoornis | pacemaker | beroerte | herseninfarct | hersenbloeding | tia | hoge bloeddruk | hernia | reuma | artrose | astma | copd | bronchitis | longontsteking | epilepsie | migraine | depressie | depressief | burn-out | burnout | overspannen | angststoornis | paniekaanvallen | ptss | adhd | autisme | autistisch | bipolair | schizofrenie | dementie | alzheimer | parkinson | multiple sclerose | zwanger | zwangerschap | zwangerschapsdiabetes | miskraam | hoogzwanger | bevallen | keizersnede | ivf |
gebroken been | gebroken arm | gebroken pols | gebroken heup | gebroken enkel | been gebroken | arm gebroken | pols gebroken | heup gebroken | enkel gebroken | rolstoel | in een rolstoel | scootmobiel | slechthorend | slechtziend | doof | blind | gehoorapparaat | dwarslaesie | verlamd | gehandicapt | arbeidsongeschikt | invalide | nierdialyse | dialyse | nierstenen | nierfalen | galstenen | operatie aan mijn knie | knieoperatie | heupoperatie | nieuwe heup | nieuwe knie | geopereerd aan mijn knie | rughernia | rugklachten | rugpijn | spit | maagzweer | ziekte van crohn | crohn | colitis | coeliakie | lactose-intolerantie | notenallergie | pinda-allergie | hooikoorts | eczeem | psoriasis | hiv | hepatitis | tuberculose | corona | covid | long covid | griep | insuline | antidepressiva | bloedverdunners | morfine | prednison | methadon | ritalin | oxazepam | metformine | antibiotica | zuurstof thuis | zuurstofapparaat | thuisbeademing | apneu | slaapapneu | cpap | verslaafd | verslaving | alcoholist | afkickkliniek | psychiater | psycholoog | suïcidaal | zelfmoordpoging | hersenschudding | whiplash | fibromyalgie | endometriose | schildklier | chronische pijn | chronisch vermoeid | stoma | katheter | amputatie | geamputeerd | borstvoeding |
diabetic | type 1 diabetes | type 2 diabetes | type one diabetes | type two diabetes | cancer | breast cancer | lung cancer | bowel cancer | prostate cancer | skin cancer | leukaemia | leukemia | lymphoma | radiotherapy | chemotherapy | heart attack | heart failure | heart condition | heart disease | heart surgery | stroke | mini stroke | high blood pressure | angina | asthma | asthmatic | emphysema | pneumonia | epilepsy | epileptic | migraines | depression | depressed | anxiety | anxiety disorder | panic attacks | ptsd | autism | autistic | bipolar | bipolar disorder | schizophrenia | dementia | alzheimer's | parkinson's | multiple sclerosis | pregnant | pregnancy | miscarriage | c-section | broken leg | broken arm | broken wrist | broken hip | broken ankle | broke my leg | broke my hip | broke my arm | broke my wrist | broke her hip | broke his leg | wheelchair | wheelchair user | hard of hearing | deaf | partially sighted | visually impaired | registered blind | hearing aid | paralysed | paralyzed | disabled | disability | kidney dialysis | kidney failure | kidney stones | gallstones | hip replacement | knee replacement | hip operation | knee operation | knee surgery | back surgery | slipped disc | back pain | ulcer | crohn's | crohn's disease | coeliac disease | coeliac | celiac | nut allergy | peanut allergy | hay fever | eczema | arthritis | rheumatoid arthritis | hepatitis c | tuberculosis | flu | insulin | antidepressants | blood thinners | morphine | steroids | methadone | antibiotics | oxygen at home | oxygen concentrator | ventilator | sleep apnoea | sleep apnea | addicted | addiction | alcoholic | rehab | suicidal | overdose | concussion | fibromyalgia | endometriosis | thyroid | underactive thyroid | chronic pain | chronic fatigue | copd | colostomy bag | stoma bag | catheter | amputated | amputation | breastfeeding | sertraline | metformin | warfarin | fluoxetine | prozac | hysterectomy | surgery | in remission | terminal cancer | learning disability | dyslexia | dyslexic |
zuckerkrank | zuckerkrankheit | diabetiker | diabetikerin | krebs | brustkrebs | lungenkrebs | darmkrebs | prostatakrebs | hautkrebs | leukämie | bestrahlung | herzinfarkt | herzfehler | herzschwäche | herzschrittmacher | herzkrank | herzoperation | herzrhythmusstörungen | schlaganfall | bluthochdruck | hoher blutdruck | bandscheibenvorfall | rheuma | arthrose | asthma | bronchitis | lungenentzündung | epilepsie | migräne | depression | depressionen | depressiv | angststörung | panikattacken | autismus | autist | schizophrenie | demenz | dement | alzheimer | multiple sklerose | schwanger | schwangerschaft | fehlgeburt | kaiserschnitt | gebrochenes bein | bein gebrochen | arm gebrochen | hüfte gebrochen | handgelenk gebrochen | oberschenkelhalsbruch | rollstuhl | im rollstuhl | schwerhörig | gehörlos | taub | sehbehindert | erblindet | hörgerät | querschnittsgelähmt | gelähmt | schwerbehindert | behindert | behinderung | erwerbsunfähig | nierenversagen | nierensteine | gallensteine | knieoperation | hüftoperation | neue hüfte | künstliche hüfte | rückenschmerzen | magengeschwür | morbus crohn | zöliakie | nussallergie | heuschnupfen | neurodermitis | schuppenflechte | grippe | insulin | antidepressiva | blutverdünner | morphium | kortison | antibiotika | sauerstoffgerät | beatmungsgerät | schlafapnoe | abhängig | suchtkrank | alkoholiker | entzug | entzugsklinik | suizidgefährdet | gehirnerschütterung | schilddrüse | schilddrüsenunterfunktion | chronische schmerzen | pflegegrad | krebserkrankung | krebskrank | angina pectoris | burn-out | trombose | thrombose | bypass |
diabétique | diabète | diabète de type 2 | diabète de type 1 | cancer du sein | cancer du poumon | cancer de la prostate | cancer du côlon | tumeur | leucémie | chimio | chimiothérapie | radiothérapie | rayons | crise cardiaque | infarctus | insuffisance cardiaque | problèmes cardiaques | problème cardiaque | avc | accident vasculaire cérébral | hypertension | tension élevée | hernie discale | rhumatismes | arthrose | polyarthrite | asthme | asthmatique | bronchite | pneumonie | épilepsie | épileptique | migraines | dépression | dépressif | dépressive | burn out | crises d'angoisse | crises de panique | autisme | autiste | bipolaire | schizophrénie | démence | maladie d'alzheimer | maladie de parkinson | sclérose en plaques | enceinte | grossesse | fausse couche | césarienne | jambe cassée | bras cassé | poignet cassé | cassé la jambe | cassé le bras | cassé la hanche | col du fémur | fauteuil roulant | en fauteuil roulant | malentendant | malentendante | sourd | sourde | malvoyant | malvoyante | aveugle | appareil auditif | paralysé | paralysée | handicapé | handicapée | handicap | invalidité | calculs rénaux | insuffisance rénale | prothèse de hanche | prothèse de genou | opération du genou | opération de la hanche | opéré du genou | opérée du genou | opéré du cœur | opérée du cœur | mal de dos | ulcère | maladie de crohn | maladie cœliaque | allergie aux arachides | allergique aux arachides | rhume des foins | eczéma | vih | hépatite | tuberculose | grippe | insuline | antidépresseurs | anticoagulants | morphine | cortisone | antibiotiques | apnée du sommeil | alcoolique | cure de désintoxication | suicidaire | commotion cérébrale | fibromyalgie | thyroïde | hypothyroïdie | douleurs chroniques | affection longue durée | maladie chronique | opération à cœur ouvert | lumbago | entorse | mélanome |
diabetico | diabetica | diabete | diabete di tipo 2 | diabete di tipo 1 | tumore | tumore al seno | tumore al polmone | tumore alla prostata | cancro | cancro al seno | leucemia | chemioterapia | radioterapia | infarto | scompenso cardiaco | cardiopatico | cardiopatica | problemi di cuore | problemi cardiaci | ictus | ischemia | pressione alta | ipertensione | ernia del disco | ernia | artrite | artrosi | artrite reumatoide | asma | asmatico | asmatica | bronchite | polmonite | epilessia | epilettico | emicrania | depressione | depresso | depressa | attacchi di panico | ansia | autismo | autistico | bipolare | schizofrenia | demenza | demenza senile | morbo di parkinson | sclerosi multipla | incinta | gravidanza | aborto spontaneo | cesareo | gamba rotta | braccio rotto | polso rotto | rotto la gamba | rotta la gamba | rotto il femore | rotta il femore | rotto il braccio | rotta un braccio | femore | sedia a rotelle | in sedia a rotelle | sordo | sorda | ipoacusico | ipovedente | non vedente | cieco | cieca | apparecchio acustico | paralizzato | paralizzata | disabile | disabilità | invalido | invalida | invalidità | dialisi | insufficienza renale | calcoli renali | protesi all'anca | protesi al ginocchio | operazione al ginocchio | intervento al cuore | intervento al ginocchio | operato al cuore | operata al cuore | operata all'anca | operato al ginocchio | operata al ginocchio | mal di schiena | ulcera | morbo di crohn | celiaco | celiaca | celiachia | allergico alle arachidi | allergia alle noci | eczema | psoriasi | epatite | tubercolosi | influenza | insulina | antidepressivi | anticoagulanti | morfina | cortisone | antibiotici | apnee notturne | alcolista | tossicodipendente | commozione cerebrale | fibromialgia | endometriosi | tiroide | ipotiroidismo | dolori cronici | legge 104 | trapianto | pacemaker | bypass
`;

/** Endings of the names of illnesses, treatments and remedies. */
export const HEALTH_ENDINGS: readonly string[] = [
  'kanker',
  'krebs',
  'ontsteking',
  'entzundung',
  'allergie',
  'allergia',
  'operatie',
  'stoornis',
  'storung',
  'ziekte',
  'krankheit',
  'erkrankung',
  'tumor',
  'infarct',
  'infarkt',
  'carcinoom',
  'karzinom',
  'therapie',
  'transplantatie',
  'transplantation',
  'ectomie',
  'ectomy',
  'ectomia',
  'oscopie',
  'oscopy',
  'oscopia',
  'oskopie',
  'klachten',
  'neurose',
  'psychose',
  'cilline',
  'cillin',
  'cillina',
  'prazol',
  'prazole',
  'prazolo',
  'pril',
  'statine',
  'statin',
  'statina',
];

export const HEALTH_TERMS = new PhraseTrie<true>().addAll(
  TERMS.split('|').flatMap((t) => {
    const trimmed = t.trim();
    return trimmed ? [trimmed] : [];
  }),
  true,
);
HEALTH_TERMS.addAll(['suikerziekte', 'diabetes', 'diabeet', 'diabetes type 1', 'diabetes type 2'], true);
