"""Which class a model's name puts it into: the first rule that finds a word of its own."""
import re

# Things whose names hold a word of a class that they do not belong to.
NEITHER = r"""ottoman|lounge|tennis bat|window blind|abdominal bench|wall hanger|christmas|dog house|doll house|
  letters box|wood box|switch|plug|socket|racket|number lock|medicine box|sandpit|shower head|bathmat|toilet paper|
  toilet brush|knife stand|cup cake|glasses$|glasses and|glass and"""

RULES = [
    ("plant", r"""plants?|tree|bamboo|cactus|ficus|flowers|orchids|spathiphyllum|tulips|lily|yucca|acacia|pine|bush|
      beech|cypress|hedge|maple|palm|blossom|poplar|flower box"""),
    ("lamp", r"lamps?|lamppost|lights?|spotlight|lantern|candle|flashlight|fluorescent"),
    ("sink or bath", r"""sink|bath|bathtub|basin|washbasin|bidet|toilets unit|urinal|vanity|lavatory|jacuzzi|
      shower stall"""),
    ("cabinet", r"cabinet|wardrobe|bookcase|shelves|dresser|chest(?! freezer)|cupboard|tv stand|locker|filing|safe"),
    ("appliance", r"""fridge|refrigerator|freezer|oven|microwave|stove|cooker|cooktop|washing machine|dryer machine|
      blender|mixer|toaster|coffee (brewer|machine|maker)|boiler|water heater|hood|fryer|sandwich maker|squeezer|
      air conditioning|radiator|furnace|fan|water cooler|grill"""),
    ("sofa", r"sofa|couch"),
    ("bed", r"bed|crib|futon|mattress"),
    ("table", r"table|desk|workbench"),
    ("chair", r"chair|armchair|stool|seat"),
    ("door or window", r"door|window"),
    ("electronics", r"""tv|dvd player|imac|ibook|laptop|printer|phone|iphone|keyboard|playstation|joystick|projector|
      radio|stereo|speaker|camera|cctv|mp3|intercom|headphones|tablet|speech unit|remote control"""),
    ("container", r"""bottle|bowl|cup|mug|glass|vase|jar|pot|pottery|teapot|kettle|box|basket|bin|dustbin|trash can|
      trashcan|barrel|crate|coffee press|creamer|flacon|container|mailbox|penbox|ashtray|pan"""),
    ("person", r"boy|girl|female|male|doll"),
    ("vehicle", r"motorbike"),
]

CLASSES = sorted(name for name, _ in RULES)


def class_of(model):
    """The class of a model, or None."""
    name = model.name.lower()
    if model.category == "Vehicles":
        return "vehicle"
    if finds(NEITHER, name):
        return None
    return next((title for title, words in RULES if finds(words, name)), None)


def finds(words, name):
    return re.search(r"\b(" + re.sub(r"\s*\n\s*", "", words) + r")\b", name) is not None
