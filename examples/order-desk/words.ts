/** The made-up people, places and goods of the order desk. */

export const firstNames = [
  'Ada', 'Amara', 'Anton', 'Beatriz', 'Bruno', 'Carla', 'Chiara', 'Clara', 'Daniel', 'Elena', 'Emil', 'Esther', 'Farid', 'Felix', 'Greta', 'Hanna',
  'Hugo', 'Ines', 'Ivan', 'Jonas', 'Julia', 'Karim', 'Laura', 'Leon', 'Lucia', 'Malik', 'Marta', 'Matteo', 'Mina', 'Nadia', 'Nils', 'Olga', 'Oscar',
  'Paula', 'Pedro', 'Rosa', 'Samuel', 'Sofia', 'Tomas', 'Yara',
] as const;

export const lastNames = [
  'Almeida', 'Andersson', 'Baker', 'Becker', 'Bianchi', 'Carvalho', 'Conti', 'Costa', 'Dubois', 'Fischer', 'Fontaine', 'Garcia', 'Gruber', 'Haddad',
  'Hansen', 'Hoffmann', 'Jansen', 'Keller', 'Kowalski', 'Lambert', 'Lindqvist', 'Lopez', 'Marino', 'Martins', 'Moreau', 'Nowak', 'Okafor', 'Peeters',
  'Pereira', 'Petit', 'Ricci', 'Romero', 'Santos', 'Schneider', 'Silva', 'Smith', 'Torres', 'Visser', 'Weber', 'Wood',
] as const;

export const cities = [
  { city: 'Amsterdam', country: 'Netherlands' },
  { city: 'Barcelona', country: 'Spain' },
  { city: 'Berlin', country: 'Germany' },
  { city: 'Hamburg', country: 'Germany' },
  { city: 'Lisbon', country: 'Portugal' },
  { city: 'Lyon', country: 'France' },
  { city: 'Madrid', country: 'Spain' },
  { city: 'Milan', country: 'Italy' },
  { city: 'Paris', country: 'France' },
  { city: 'Porto', country: 'Portugal' },
  { city: 'Rome', country: 'Italy' },
  { city: 'Vienna', country: 'Austria' },
] as const;

/** Eight goods of ten categories: 80 products, each with the cheapest price of its category's range. */
export const goods: Readonly<Record<string, { from: number; names: readonly string[] }>> = {
  Bedding: { from: 19, names: ['Cotton pillow', 'Down duvet', 'Linen sheet', 'Mattress topper', 'Patchwork quilt', 'Satin pillowcase', 'Wool blanket', 'Woven bedspread'] },
  Bikes: { from: 29, names: ['Bell and light set', 'Bike basket', 'Cargo rack', 'City bike', 'Cycling helmet', 'Folding bike', 'Floor pump', 'Pannier bag'] },
  Books: { from: 9, names: ['Atlas of islands', 'Bread at home', 'Field guide to birds', 'First chess book', 'History of maps', 'Night sky handbook', 'Sketching cities', 'Walks in the Alps'] },
  Coffee: { from: 7, names: ['Cold brew jug', 'Espresso beans', 'Espresso cups', 'Filter papers', 'Hand grinder', 'Milk frother', 'Moka pot', 'Pour-over set'] },
  Garden: { from: 12, names: ['Bird feeder', 'Clay planter', 'Garden hose', 'Hedge shears', 'Herb seed box', 'Rain gauge', 'Trowel set', 'Watering can'] },
  Kitchen: { from: 11, names: ['Bread knife', 'Cast iron pan', 'Cutting board', 'Glass jars', 'Kitchen scale', 'Mixing bowls', 'Pepper mill', 'Stock pot'] },
  Lighting: { from: 24, names: ['Arc floor lamp', 'Bedside lamp', 'Clip light', 'Desk lamp', 'Garden lantern', 'Pendant light', 'String lights', 'Wall sconce'] },
  Office: { from: 6, names: ['Cable tray', 'Desk organiser', 'Fountain pen', 'Laptop stand', 'Notebook set', 'Oak desk', 'Office chair', 'Paper tray'] },
  Sports: { from: 14, names: ['Badminton set', 'Climbing rope', 'Foam roller', 'Jump rope', 'Kettlebell', 'Running belt', 'Swim goggles', 'Yoga mat'] },
  Toys: { from: 8, names: ['Balance board', 'Building blocks', 'Kite', 'Marble run', 'Puzzle of Europe', 'Stacking rings', 'Toy train', 'Wooden tram'] },
};

export const carriers = ['Bluebird', 'Northline', 'Parcelway'] as const;

export const hubs = ['Leipzig hub', 'Lyon hub', 'Rotterdam hub', 'Verona hub', 'Zaragoza hub'] as const;

export const delayReasons = ['Missed the connecting truck', 'Held for a damaged label', 'Rerouted because of a road closure', 'Sorted to the wrong hub', 'Driver ran out of time'] as const;
