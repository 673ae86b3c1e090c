/** The planner's English: words that carry no matter of their own, words that ask, and words that point back. */

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/).filter((word) => word !== ''));

/** Words that only hold a sentence together. */
export const functionWords = set(`
  a an the of for in on at to from by with as into onto about over under within during and or but if than then so also too only just both
  i me my we us our you your he him his she her hers its it they them their theirs this that these those there here one ones
  is are was were be been being am do does did done has have had having will would can could shall should may might must
  what which whose whom how many much all any some each every per yes no ok okay please`);

const plainWords = set(`
  same tell show give list find get display print return fetch know see let want need like help look up out between across made make makes hello hi thanks
  thank good today's right currently now still yet ever own very really actually exactly altogether overall respectively following follows regarding concerning
  go went come came live lives living lived stay kept keep put take taken belong belongs called named exist exists contain contains containing placed place sold work works worked working based located situated residing coming
  quickly kindly info information details detail data database record records entry entries row rows table figure figures there`);

/** Words without matter: they explain no choice, and need no explanation. */
export const fillers: ReadonlySet<string> = new Set([...functionWords, ...plainWords]);

/** Words that begin a question or an order. */
export const askWords = set(`
  how what where when who whom whose which why is are was were do does did has have can could will would should may
  show list give tell find count get name display print fetch compute calculate sum write draft compose classify judge detect translate summarise summarize
  look check track locate reply answer send explain describe compare rank sort please call use run`);

/** Words that ask for one kind of thing each, and so have to be explained. */
export const questionWords = set('where when who why');

/** Words that point back to what was said before. */
export const pointers = set('this that these those their theirs his her hers its it them they he she him same');

/** Those that stand for one thing. */
export const singularPointers = set('this that his her hers its it he she him');

export const negations = set('not no without never except excluding neither nor none isn aren wasn weren don doesn didn hasn haven hadn un');

/** What the planner cannot compute: a reading that would pass over these words would be wrong. */
export const beyond = set(`share percentage percent ratio proportion growth grow trend compare compared comparison versus vs difference median
  variance deviation correlation forecast predict prediction probability likely why because reason recommend should change changed increase decrease rolling cumulative`);

export const timeUnits: ReadonlyMap<string, 'day' | 'week' | 'month' | 'quarter' | 'year' | 'weekday'> = new Map([
  ['day', 'day'],
  ['days', 'day'],
  ['daily', 'day'],
  ['week', 'week'],
  ['weeks', 'week'],
  ['weekly', 'week'],
  ['month', 'month'],
  ['months', 'month'],
  ['monthly', 'month'],
  ['quarter', 'quarter'],
  ['quarterly', 'quarter'],
  ['year', 'year'],
  ['years', 'year'],
  ['yearly', 'year'],
  ['annual', 'year'],
  ['annually', 'year'],
  ['weekday', 'weekday'],
]);

export const numberWords: ReadonlyMap<string, number> = new Map([
  ['two', 2],
  ['three', 3],
  ['four', 4],
  ['five', 5],
  ['six', 6],
  ['seven', 7],
  ['eight', 8],
  ['nine', 9],
  ['ten', 10],
  ['twelve', 12],
  ['twenty', 20],
  ['hundred', 100],
]);

/** Words in the name of a column that holds a place, a person's own marks, or money. */
export const placeWords = set(
  'city town country region place location address room site shelf street state county continent branch floor building station position area district',
);
export const personWords = set('email mail phone telephone mobile birth birthday birthdate born birthdate surname salary gender');
export const moneyWords = set(
  'revenue sales turnover income amount total sum value paid payment price cost fee charge balance salary budget spend spent pay earnings',
);
/** Ask for money without naming a column. */
export const spendingWords = set('revenue sales turnover income spend spent spending pay paid earn earned earnings takings bring brought');
export const quantityWords = set('quantity count units pieces amount number copies');
export const priceWords = set('price cost fee rate salary charge');
