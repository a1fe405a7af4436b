"""Which drawn picture stands for a product: by department, else by the first word of its category that says so."""

import re

from omni.demo.published import Product

BY_DEPARTMENT = {
    "CHEF SHOPPE": "deli",
    "COSMETICS": "health",
    "DELI": "deli",
    "FLORAL": "floral",
    "FROZEN GROCERY": "frozen",
    "FUEL": "fuel",
    "GARDEN CENTER": "floral",
    "MEAT": "meat",
    "MEAT-PCKGD": "meat",
    "PASTRY": "bakery",
    "PRODUCE": "produce",
    "RESTAURANT": "deli",
    "SALAD BAR": "produce",
    "SEAFOOD": "seafood",
    "SEAFOOD-PCKGD": "seafood",
    "SPIRITS": "drinks",
}
BY_CATEGORY = (
    ("frozen", re.compile(r"FRZN|FROZEN|ICE CREAM")),
    ("baby", re.compile(r"BABY|INFANT|DIAPER")),
    ("pet", re.compile(r"\b(CAT|DOG|PET|BIRD)\b")),
    ("snacks", re.compile(r"SNACK|SNKS|COOKIE|CRACKER|CANDY|NUTS|CHIPS|RICE CAKES")),
    ("drinks", re.compile(r"DRINK|DRNK|JUICE|WATER|BEER|WINE|LIQUOR|COFFEE$|TEAS|COCOA|BEVERAGE|NEW AGE")),
    ("dairy", re.compile(r"\bMILK|CHEESE|YOGURT|EGGS|^BUTTER|MARGARINE|DAIRY|REFRIGERATED$")),
    ("bakery", re.compile(r"BREAD|BAKED|DOUGH")),
    (
        "household",
        re.compile(
            r"TISS|PAPER|DETERGENT|CLEAN|BLEACH|LAUNDRY|^AIR CARE|WRAPS|BROOM|HOUSEWARE|BATTERIES|ELECTRICAL|CANDLES"
        ),
    ),
    (
        "household",
        re.compile(r"HARDWARE|KITCHEN|COOKWARE|FOILWARE|CHARCOAL|FILTERS|GLASSWARE|DOMESTIC GOODS|IRONING|INSECTICIDE"),
    ),
    (
        "health",
        re.compile(
            r"HAIR|ORAL|SOAP|HYGIENE|DEODORANT|ANALGESIC|SHAVING|HBC|HAND/BODY|FIRST AID|VITAMIN|DIETARY|FLU\b|ALLERGY"
        ),
    ),
    (
        "health",
        re.compile(r"ANTACID|LAXATIVE|EYE AND EAR|FOOT CARE|SUNTAN|INCONTINENCE|FAMILY PLANNING|PERSONAL CARE|FITNESS"),
    ),
)


def picture(product: Product) -> str:
    found = next((slug for slug, words in BY_CATEGORY if words.search(product.category)), None)
    rest = "pantry" if product.department in {"GROCERY", "NUTRITION"} else "general"
    return BY_DEPARTMENT.get(product.department) or found or rest
