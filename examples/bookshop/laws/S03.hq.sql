select product, month, copies, revenue
from   monthly_sales
