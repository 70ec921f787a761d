"""Words for the spelling and JSON tasks: common ones written down here, others made up."""

COMMON = """
able acid actor adult agent alarm album amber anchor angle animal ankle answer apple apron arch
arrow artist atlas autumn badge baker balance ball bamboo banana band banner barn barrel basket
beach beacon beard bed bell bench berry bike bird blanket block board boat body bone book boot
border bottle bowl box branch brass bread brick bridge broom brush bucket button cabin cable cake
camel camera camp canal candle canvas car carbon card cargo carpet cart castle cat cave cedar
cellar chain chair chalk cheese cherry chess circle city clay clock cloud coast coat cobalt coffee
coin comet copper coral corner cotton cow crane crew crown crystal cup curtain dance dawn deck deer
desert desk diamond dinner dog dolphin door dragon dream dress drum duck dune eagle earth east echo
engine evening eye fabric falcon farm feather fence ferry field finger fire fish flag flame flower
flute fog forest fork fox frame friend frog fruit galaxy garden gate ghost giant ginger glass glove
goat gold grape grass gravel green guitar hammer hand harbor harvest hat hawk heart helmet hill
honey hook horse hotel house ice iron island ivory jacket jar jelly jewel jungle kettle key king
kitchen kite knife ladder lake lamp lantern laptop leaf leather lemon letter light lily lime lion
lizard lock lumber magnet maple marble market mask meadow melon metal milk mill mirror monkey moon
morning moss motor mountain mouse museum music nail needle nest net night north nut oak oasis ocean
olive onion orange orbit orchid otter oven owl oyster paint palace palm panda paper parrot pasta
path peach pearl pebble pen pencil pepper piano picture pigeon pillow pilot pine pirate planet
plate plum pocket poem pond pony potato powder prairie prince pumpkin puzzle queen quilt rabbit
radio rain raven reed ribbon rice ring river road robin robot rocket roof root rope rose ruby
saddle sail salmon salt sand school scarf sea seed shadow sheep shelf shell ship shirt shoe silk
silver sister sky smoke snail snow soap sock soup south spider spoon spring square star
station stone storm stove straw stream street sugar summer sun swan table tail tea temple tent
thunder ticket tiger timber toast tomato tower town train tree truck trumpet tulip tunnel turtle
umbrella valley vase velvet village violin wagon wall walnut water wave west whale wheat wheel
willow wind window winter wolf wood wool world yard yellow zebra kernel cluster server
""".split()

NAMES = """
Ada Alan Alice Amir Anna Arthur Ben Bruno Carla Chen Clara Dana David Dora Elena Emil Emma Eric Eva
Felix Finn Grace Hana Hugo Ida Igor Ines Ivan Jack Jan Jane Joan John Jonas Julia Karl Kim Lara Leo
Lena Linus Liam Lucy Maria Mark Marta Max Mia Milan Nina Noah Nora Olga Oscar Otto Pablo Paul Petra
Rosa Ruth Sam Sara Simon Sofia Tara Theo Tim Tom Uma Vera Victor Will Yara Zoe Barbara Dennis Edsger
""".split()

PLACES = """
Paris France Berlin Germany Rome Italy Madrid Spain Lisbon Portugal Vienna Austria Oslo Norway Athens
Greece Dublin Ireland Warsaw Poland Prague London England Cairo Egypt Tokyo Japan Lima Peru Quito
Ecuador Delhi India Seoul Korea Hanoi Vietnam Nairobi Kenya Accra Ghana Tunis Tunisia Ottawa Canada
Havana Cuba Bern Sofia Bulgaria Riga Latvia Tallinn Estonia Helsinki Finland Stockholm Sweden
""".split()

ONSETS = "b c d f g h j k l m n p r s t v w z br ch cl cr dr fl gr pl pr sh sl sp st th tr".split()
VOWELS = "a e i o u a e i o ai ea ee oa ou".split()
CODAS = ["", "", "", *"b d g k l m n p r s t x".split(), "ck", "ll", "nd", "ng", "nt", "rm", "st"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def made_up(rng, longest=8):
    """A pronounceable word of 2 to `longest` letters."""
    while True:
        word = "".join(rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(CODAS)
                       for _ in range(rng.randint(1, 3)))
        if 2 <= len(word) <= longest:
            return word


def letters(rng, longest=8):
    """A word of random letters."""
    return "".join(rng.choice(LETTERS) for _ in range(rng.randint(2, longest)))
